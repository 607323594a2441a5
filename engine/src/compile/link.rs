//! The module graph: loading every import, ordering units, and resolving each import and export to its binding.
use oxc_allocator::Allocator;
use oxc_ast::ast::*;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_span::{GetSpan, Span};
use std::time::{Duration, Instant};

use super::diagnostics::Diagnostic;
use super::hash::FastMap;
use super::loader::Loader;
use super::nesting;
use super::oxc::{self, source_type};
use super::scope::{Analysis, BindId, BindKind};
use super::source::{Goal, Options, SourceFile};
use super::{typescript, walk};
use crate::bytecode::module::ExportTarget;

/// Most errors of one kind reported for a file: a broken text can hold one on every line.
const MAX_ERRORS: usize = 50;

/// What an import statement or re-export asks of another unit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    Name(&'a str),
    Namespace,
}

/// `export { wanted as name } from request`.
#[derive(Debug)]
struct Indirect<'a> {
    name: &'a str,
    request: usize,
    wanted: Wanted<'a>,
    span: Span,
    /// May turn out to be a type: dropped when it cannot be resolved.
    maybe_type: bool,
}

/// One parsed and analysed source file.
pub(super) struct UnitData<'a> {
    pub name: String,
    pub source: &'a str,
    pub program: &'a Program<'a>,
    pub analysis: Analysis<'a>,
    pub is_module: bool,
    typescript: bool,
    /// Static imports: unit numbers in source order.
    pub requests: Vec<u32>,
    /// `import()` specifier → unit.
    pub dynamic: FastMap<&'a str, u32>,
    imports: Vec<(BindId, usize, Wanted<'a>, Span)>,
    /// Where each import binding leads.
    pub resolved: FastMap<BindId, ExportTarget>,
    locals: Vec<(&'a str, BindId)>,
    indirect: Vec<Indirect<'a>>,
    stars: Vec<(usize, Span)>,
    pub exports: Vec<(&'a str, ExportTarget)>,
    pub lazy: bool,
}

/// The units of a program.
pub(super) struct Graph<'a> {
    pub units: Vec<UnitData<'a>>,
    arena: &'a Allocator,
    by_name: FastMap<String, u32>,
    pub errors: Vec<Diagnostic>,
    /// Time that the parser took.
    pub parse: Duration,
    /// Time that checking and the analysis of scopes took.
    pub analyse: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    Found(ExportTarget),
    Missing,
    Ambiguous,
}

impl<'a> Graph<'a> {
    /// Loads the entry and everything it imports; units end up in link order, the entry last.
    pub fn load(arena: &'a Allocator, entry: SourceFile, options: &Options, loader: &mut dyn Loader) -> Self {
        let mut graph = Self {
            units: Vec::new(),
            arena,
            by_name: FastMap::default(),
            errors: Vec::new(),
            parse: Duration::ZERO,
            analyse: Duration::ZERO,
        };
        graph.add(entry, options.goal, options);
        let mut next = 0;
        while next < graph.units.len() {
            graph.load_requests(next, options, loader);
            next += 1;
        }
        if graph.errors.is_empty() {
            graph.order();
            graph.link();
        }
        graph
    }

    fn add(&mut self, file: SourceFile, goal: Goal, options: &Options) -> u32 {
        let index = self.units.len() as u32;
        self.by_name.insert(file.name.clone(), index);
        let unit = self.parse(file, goal, options);
        self.units.push(unit);
        index
    }

    fn parse(&mut self, file: SourceFile, goal: Goal, options: &Options) -> UnitData<'a> {
        let arena = self.arena;
        let mut source: &'a str = arena.alloc_str(&file.text);
        let kind = source_type(&file.name, goal);
        if let Err((at, message)) = nesting::check(source, options.max_nesting) {
            let hint = "split the expression, or build the value in steps";
            self.errors.push(Diagnostic::at(&file.name, source, at, at + 1, message).hint(hint));
            source = "";
        }
        let parse_options = ParseOptions {
            preserve_parens: false,
            allow_return_outside_function: false,
            parse_regular_expression: true,
            ..ParseOptions::default()
        };
        let started = Instant::now();
        let parsed = Parser::new(arena, source, kind).with_options(parse_options).parse();
        let analysing = Instant::now();
        self.parse += analysing - started;
        let panicked = parsed.panicked;
        let mut failed = panicked;
        failed |= parsed.diagnostics.has_errors();
        for error in parsed.diagnostics.errors().take(MAX_ERRORS) {
            self.errors.push(oxc::diagnostic(&file.name, source, error));
        }
        let program: &'a Program<'a> = arena.alloc(parsed.program);
        let is_module = kind.is_module();
        if !panicked {
            let semantic = SemanticBuilder::new_compiler().build(program);
            failed |= semantic.diagnostics.has_errors();
            for error in semantic.diagnostics.errors().take(MAX_ERRORS) {
                self.errors.push(oxc::diagnostic(&file.name, source, error));
            }
        }
        let analysis = if failed { Analysis::default() } else { walk::analyse(program, is_module, arena) };
        self.analyse += analysing.elapsed();
        let mut unit = UnitData {
            name: file.name,
            source,
            program,
            analysis,
            is_module,
            typescript: kind.is_typescript(),
            requests: Vec::new(),
            dynamic: FastMap::default(),
            imports: Vec::new(),
            resolved: FastMap::default(),
            locals: Vec::new(),
            indirect: Vec::new(),
            stars: Vec::new(),
            exports: Vec::new(),
            lazy: false,
        };
        if failed {
            unit.program = arena.alloc(Parser::new(arena, "", kind).parse().program);
        }
        unit
    }

    fn load_requests(&mut self, index: usize, options: &Options, loader: &mut dyn Loader) {
        let program = self.units[index].program;
        for statement in &program.body {
            self.collect(index, statement, options, loader);
        }
        let dynamic = std::mem::take(&mut self.units[index].analysis.dynamic_imports);
        for specifier in dynamic {
            let referrer = self.units[index].name.clone();
            // One that cannot be loaded is refused when it runs.
            if let Ok(file) = loader.load(specifier, &referrer) {
                let unit = self.unit_of(file, options);
                self.units[index].dynamic.insert(specifier, unit);
            }
        }
    }

    fn unit_of(&mut self, file: SourceFile, options: &Options) -> u32 {
        match self.by_name.get(&file.name) {
            Some(&unit) => unit,
            None => self.add(file, Goal::Module, options),
        }
    }

    /// The request number of an imported file.
    fn request(
        &mut self,
        index: usize,
        source: &StringLiteral<'a>,
        options: &Options,
        loader: &mut dyn Loader,
    ) -> Option<usize> {
        let referrer = self.units[index].name.clone();
        match loader.load(source.value.as_str(), &referrer) {
            Ok(file) => {
                let target = self.unit_of(file, options);
                let requests = &mut self.units[index].requests;
                requests.push(target);
                Some(requests.len() - 1)
            }
            Err(message) => {
                self.error(index, source.span, message);
                None
            }
        }
    }

    fn error(&mut self, index: usize, span: Span, message: impl Into<String>) {
        let unit = &self.units[index];
        self.errors.push(Diagnostic::at(&unit.name, unit.source, span.start, span.end, message));
    }

    fn collect(&mut self, index: usize, statement: &'a Statement<'a>, options: &Options, loader: &mut dyn Loader) {
        if let Some(declaration) = statement.as_module_declaration()
            && !self.units[index].is_module
        {
            return self.error(index, declaration.span(), "'import' and 'export' may only appear in a module");
        }
        match statement {
            Statement::ImportDeclaration(import) => self.collect_import(index, import, options, loader),
            Statement::ExportDeclaration(export) => {
                for name in typescript::declared_names(&export.declaration) {
                    if let Some(bind) = self.units[index].analysis.find_str(0, name) {
                        let locals = &mut self.units[index].locals;
                        if !locals.iter().rev().take(8).any(|l| l.0 == name) {
                            locals.push((name, bind));
                        }
                    }
                }
            }
            Statement::ExportDefaultDeclaration(export) => {
                let name = match &export.declaration {
                    ExportDefaultDeclarationKind::FunctionDeclaration(f) => f.id.as_ref().map(|i| i.name.as_str()),
                    ExportDefaultDeclarationKind::ClassDeclaration(c) => c.id.as_ref().map(|i| i.name.as_str()),
                    ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return,
                    _ => None,
                };
                if let Some(bind) = self.units[index].analysis.find_str(0, name.unwrap_or(walk::DEFAULT)) {
                    self.units[index].locals.push(("default", bind));
                }
            }
            Statement::ExportNamedDeclaration(export) if !export.export_kind.is_type() => {
                for specifier in &export.specifiers {
                    if !specifier.export_kind.is_type() {
                        self.collect_local_export(index, specifier);
                    }
                }
            }
            Statement::ExportFromDeclaration(export) if !export.export_kind.is_type() => {
                self.check_attributes(index, export.with_clause.as_deref());
                let values: Vec<_> = export.specifiers.iter().filter(|s| !s.export_kind.is_type()).collect();
                if values.is_empty() && !export.specifiers.is_empty() {
                    return;
                }
                let Some(request) = self.request(index, &export.source, options, loader) else { return };
                let maybe_type = self.units[index].typescript;
                for specifier in values {
                    self.units[index].indirect.push(Indirect {
                        name: specifier.exported.name().as_str(),
                        request,
                        wanted: Wanted::Name(specifier.local.name().as_str()),
                        span: specifier.span,
                        maybe_type,
                    });
                }
            }
            Statement::ExportAllDeclaration(export) if !export.export_kind.is_type() => {
                self.check_attributes(index, export.with_clause.as_deref());
                let Some(request) = self.request(index, &export.source, options, loader) else { return };
                match &export.exported {
                    Some(name) => self.units[index].indirect.push(Indirect {
                        name: name.name().as_str(),
                        request,
                        wanted: Wanted::Namespace,
                        span: export.span,
                        maybe_type: false,
                    }),
                    None => self.units[index].stars.push((request, export.span)),
                }
            }
            _ => {}
        }
    }

    fn check_attributes(&mut self, index: usize, clause: Option<&WithClause<'a>>) {
        if let Some(clause) = clause.filter(|c| !c.with_entries.is_empty()) {
            self.error(index, clause.span, "import attributes are not supported yet");
        }
    }

    fn collect_local_export(&mut self, index: usize, specifier: &'a ExportSpecifier<'a>) {
        let unit = &self.units[index];
        let local = specifier.local.name().as_str();
        let name = specifier.exported.name().as_str();
        let Some(bind) = unit.analysis.find_str(0, local) else {
            if !unit.typescript {
                self.error(index, specifier.span, format!("Export '{local}' is not defined"));
            }
            return;
        };
        if unit.analysis.bindings[bind as usize].kind != BindKind::Import {
            self.units[index].locals.push((name, bind));
            return;
        }
        // An import passed on. Its request may have been dropped as type-only: then this keeps it.
        let known = unit.imports.iter().find(|i| i.0 == bind).map(|i| (i.1, i.2));
        if let Some((request, wanted)) = known {
            let maybe_type = self.units[index].typescript;
            self.units[index].indirect.push(Indirect { name, request, wanted, span: specifier.span, maybe_type });
        }
    }

    fn collect_import(
        &mut self,
        index: usize,
        import: &'a ImportDeclaration<'a>,
        options: &Options,
        loader: &mut dyn Loader,
    ) {
        if import.import_kind.is_type() {
            return;
        }
        if import.phase.is_some() {
            self.error(index, import.span, "import phases (defer, source) are not supported yet");
            return;
        }
        self.check_attributes(index, import.with_clause.as_deref());
        let mut wanted = Vec::new();
        let unit = &self.units[index];
        for specifier in import.specifiers.iter().flatten() {
            let name = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(s) if s.import_kind.is_type() => continue,
                ImportDeclarationSpecifier::ImportSpecifier(s) => Wanted::Name(s.imported.name().as_str()),
                ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => Wanted::Name("default"),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => Wanted::Namespace,
            };
            let Some(bind) = unit.analysis.find_str(0, specifier.local().name.as_str()) else { continue };
            let binding = &unit.analysis.bindings[bind as usize];
            // In TypeScript an import never used as a value is a type.
            if unit.typescript && binding.reads == 0 && binding.writes.is_empty() && !binding.exported {
                continue;
            }
            wanted.push((bind, name, specifier.span()));
        }
        if wanted.is_empty() && import.specifiers.as_ref().is_some_and(|s| !s.is_empty()) && unit.typescript {
            return;
        }
        let Some(request) = self.request(index, &import.source, options, loader) else { return };
        for (bind, name, span) in wanted {
            self.units[index].imports.push((bind, request, name, span));
        }
    }

    /// Puts units in post-order of their static imports; lazily imported ones before the entry.
    fn order(&mut self) {
        let n = self.units.len();
        let mut order = Vec::with_capacity(n);
        let mut seen = vec![false; n];
        self.post_order(0, &mut seen, &mut order);
        order.pop();
        let eager = order.len();
        for unit in 1..n {
            if !seen[unit] {
                self.post_order(unit, &mut seen, &mut order);
            }
        }
        order.push(0);
        let mut place = vec![0u32; n];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new as u32;
        }
        let mut old: Vec<Option<UnitData<'a>>> = std::mem::take(&mut self.units).into_iter().map(Some).collect();
        for (new, &from) in order.iter().enumerate() {
            if let Some(mut unit) = old[from].take() {
                unit.requests.iter_mut().for_each(|r| *r = place[*r as usize]);
                unit.dynamic.values_mut().for_each(|r| *r = place[*r as usize]);
                unit.lazy = new >= eager && new + 1 != n;
                self.units.push(unit);
            }
        }
    }

    fn post_order(&self, start: usize, seen: &mut [bool], order: &mut Vec<usize>) {
        let mut stack = vec![(start, 0)];
        seen[start] = true;
        while let Some((unit, next)) = stack.pop() {
            match self.units[unit].requests.get(next) {
                Some(&child) => {
                    stack.push((unit, next + 1));
                    if !seen[child as usize] {
                        seen[child as usize] = true;
                        stack.push((child as usize, 0));
                    }
                }
                None => order.push(unit),
            }
        }
    }

    fn link(&mut self) {
        for index in 0..self.units.len() {
            let imports = std::mem::take(&mut self.units[index].imports);
            for (bind, request, wanted, span) in imports {
                let from = self.units[index].requests[request];
                match self.resolve_wanted(from, wanted) {
                    Resolution::Found(target) => {
                        self.units[index].resolved.insert(bind, target);
                    }
                    failed => {
                        let unit = &self.units[index];
                        let only_passed_on = unit.analysis.bindings[bind as usize].reads == 0;
                        if !(unit.typescript && only_passed_on) {
                            self.missing(index, from, wanted, span, failed);
                        }
                    }
                }
            }
            for i in 0..self.units[index].indirect.len() {
                let Indirect { request, wanted, span, maybe_type, .. } = self.units[index].indirect[i];
                let from = self.units[index].requests[request];
                let failed = self.resolve_wanted(from, wanted);
                let may_drop = maybe_type && self.units[from as usize].typescript;
                if !matches!(failed, Resolution::Found(_)) && !may_drop {
                    self.missing(index, from, wanted, span, failed);
                }
            }
            let mut names = Vec::new();
            self.export_names(index as u32, &mut vec![false; self.units.len()], &mut names);
            names.sort_unstable();
            names.dedup();
            let mut exports = Vec::new();
            for name in names {
                if let Resolution::Found(target) = self.resolve_export(index as u32, name, &mut Vec::new()) {
                    exports.push((name, target));
                }
            }
            self.units[index].exports = exports;
        }
    }

    fn missing(&mut self, index: usize, from: u32, wanted: Wanted<'a>, span: Span, failed: Resolution) {
        let Wanted::Name(name) = wanted else { return };
        let file = self.units[from as usize].name.clone();
        let message = match failed {
            Resolution::Ambiguous => format!("'{name}' is exported more than once by '{file}' (through export *)"),
            _ => format!("'{file}' does not export '{name}'"),
        };
        self.error(index, span, message);
    }

    fn resolve_wanted(&self, unit: u32, wanted: Wanted<'a>) -> Resolution {
        match wanted {
            Wanted::Namespace => Resolution::Found(ExportTarget::Namespace(unit)),
            Wanted::Name(name) => self.resolve_export(unit, name, &mut Vec::new()),
        }
    }

    /// 16.2.1.7.2.2 ResolveExport.
    fn resolve_export(&self, unit: u32, name: &'a str, seen: &mut Vec<(u32, &'a str)>) -> Resolution {
        if seen.contains(&(unit, name)) {
            return Resolution::Missing;
        }
        seen.push((unit, name));
        let data = &self.units[unit as usize];
        if let Some(&(_, bind)) = data.locals.iter().find(|l| l.0 == name) {
            let slot = data.analysis.bindings[bind as usize].slot;
            return Resolution::Found(ExportTarget::Binding { unit, slot });
        }
        if let Some(indirect) = data.indirect.iter().find(|i| i.name == name) {
            let from = data.requests[indirect.request];
            return match indirect.wanted {
                Wanted::Namespace => Resolution::Found(ExportTarget::Namespace(from)),
                Wanted::Name(wanted) => self.resolve_export(from, wanted, seen),
            };
        }
        if name == "default" {
            return Resolution::Missing;
        }
        let mut found = Resolution::Missing;
        for &(request, _) in &data.stars {
            match self.resolve_export(data.requests[request], name, seen) {
                Resolution::Missing => {}
                Resolution::Ambiguous => return Resolution::Ambiguous,
                one if found == Resolution::Missing => found = one,
                one if one != found => return Resolution::Ambiguous,
                _ => {}
            }
        }
        found
    }

    fn export_names(&self, unit: u32, seen: &mut [bool], names: &mut Vec<&'a str>) {
        if std::mem::replace(&mut seen[unit as usize], true) {
            return;
        }
        let data = &self.units[unit as usize];
        names.extend(data.locals.iter().map(|l| l.0));
        names.extend(data.indirect.iter().map(|i| i.name));
        for &(request, _) in &data.stars {
            let mut inner = Vec::new();
            self.export_names(data.requests[request], seen, &mut inner);
            names.extend(inner.into_iter().filter(|n| *n != "default"));
        }
    }
}
