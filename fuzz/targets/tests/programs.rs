//! Random programs answer the same in every way that the engine can run them. `cargo xtask differential` runs many more, and
//! compares them with another engine.
use lockgate_fuzz_targets::program::Program;
use lockgate_fuzz_targets::ways;

#[test]
fn random_programs_log_the_same_in_every_way() {
    for seed in 0..300 {
        let program = Program::random(seed);
        if let Err(why) = ways::run(&program) {
            let smallest = program.shrink(|smaller| ways::run(smaller).is_err());
            panic!("seed {seed}: {why}\n{:#?}", smallest);
        }
    }
}

#[test]
fn the_programs_do_something() {
    let logs: Vec<_> = (0..100).filter_map(|seed| ways::run(&Program::random(seed)).ok()).collect();
    let lines: Vec<_> = logs.iter().flat_map(|log| log.lines()).collect();
    let of = |mark: &str| lines.iter().filter(|line| line.contains(mark)).count();
    assert!(lines.len() > 2000, "{} lines", lines.len());
    // Most steps come to a value; some to an exception or a promise.
    assert!(
        of(" -> ") > of(" threw ") && of(" => ") > 100 && of(" threw ") > 20,
        "{} {} {}",
        of(" -> "),
        of(" => "),
        of(" threw ")
    );
}
