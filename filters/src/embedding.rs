//! The table that makes the engine a web platform.
use crate::names::{self, ShapeOf};
use crate::ops;
use crate::web::{
    abort, base64, context, crypto, encoding, event, exception, fetch, headers, jsx, pairs, request, response,
    search_params, seed, timers, url,
};
use lockgate_engine::builtins::spec::{ClassSpec, Embedding};
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};

const CLASSES: &[&ClassSpec] = &[
    &response::CLASS,
    &headers::CLASS,
    &request::CLASS,
    &url::CLASS,
    &search_params::CLASS,
    &encoding::ENCODER,
    &encoding::DECODER,
    &event::TARGET,
    &event::EVENT,
    &abort::CONTROLLER,
    &abort::SIGNAL,
    &exception::CLASS,
    &context::CLASS,
    &pairs::CLASS,
    &seed::HEADERS,
    &crypto::CLASS,
    &timers::GLOBALS,
    &fetch::GLOBALS,
    &base64::GLOBALS,
    &jsx::GLOBALS,
];

/// The embedding of the gateway.
pub static EMBEDDING: Embedding = Embedding { name: "lockgate-web", classes: CLASSES, install, before_seal };

fn before_seal(rt: &mut Rt) -> Result<(), String> {
    match ops::pending(rt) {
        0 => Ok(()),
        _ => Err("timers and fetches need a request: they cannot begin at the top level".into()),
    }
}

fn install(rt: &mut Rt) -> JsResult<()> {
    names::install(rt);
    for (shape, proto) in [
        (ShapeOf::Response, Intrinsic::Host1),
        (ShapeOf::Headers, Intrinsic::Host3),
        (ShapeOf::Request, Intrinsic::Host5),
        (ShapeOf::Context, Intrinsic::Host24),
    ] {
        let root = rt.root_shape(rt.intrinsic(proto), Kind::Host, 0);
        names::set_shape(rt, shape, Value::internal(root));
    }
    seed::install(rt);
    jsx::install(rt)?;
    crypto::install(rt);
    Ok(())
}
