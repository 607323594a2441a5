//! What TypeScript leaves behind at run time: enums, namespaces; and which of its declarations are types only.
use oxc_ast::ast::*;

/// Names a declaration binds as values.
pub(super) fn declared_names<'a>(declaration: &Declaration<'a>) -> Vec<&'a str> {
    match declaration {
        Declaration::VariableDeclaration(d) if !d.declare => {
            d.declarations.iter().flat_map(|d| d.id.get_binding_identifiers()).map(|i| i.name.as_str()).collect()
        }
        Declaration::FunctionDeclaration(f) if !f.declare && f.body.is_some() => {
            f.id.iter().map(|i| i.name.as_str()).collect()
        }
        Declaration::ClassDeclaration(c) if !c.declare => c.id.iter().map(|i| i.name.as_str()).collect(),
        Declaration::TSEnumDeclaration(e) if !e.declare => vec![e.id.name.as_str()],
        Declaration::TSNamespaceDeclaration(n) if !n.declare && has_values(&n.body) => vec![n.id.name.as_str()],
        _ => Vec::new(),
    }
}

/// Whether a namespace holds anything but types.
pub(super) fn has_values(body: &TSNamespaceDeclarationBody) -> bool {
    match body {
        TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => !inner.declare && has_values(&inner.body),
        TSNamespaceDeclarationBody::TSModuleBlock(block) => block.body.iter().any(is_value),
    }
}

fn is_value(statement: &Statement) -> bool {
    match statement {
        Statement::TSTypeAliasDeclaration(_)
        | Statement::TSInterfaceDeclaration(_)
        | Statement::TSExternalModuleDeclaration(_)
        | Statement::TSGlobalDeclaration(_) => false,
        Statement::TSNamespaceDeclaration(n) => !n.declare && has_values(&n.body),
        Statement::ExportDeclaration(e) => !declared_names(&e.declaration).is_empty(),
        Statement::FunctionDeclaration(f) => !f.declare && f.body.is_some(),
        Statement::VariableDeclaration(v) => !v.declare,
        Statement::ClassDeclaration(c) => !c.declare,
        Statement::TSEnumDeclaration(e) => !e.declare,
        _ => true,
    }
}

/// Name of an enum member.
pub(super) fn enum_member_name<'a>(member: &TSEnumMember<'a>) -> Option<&'a str> {
    match &member.id {
        TSEnumMemberName::Identifier(name) => Some(name.name.as_str()),
        TSEnumMemberName::String(name) | TSEnumMemberName::ComputedString(name) => Some(name.value.as_str()),
        TSEnumMemberName::ComputedTemplateString(name) => {
            name.quasis.first().and_then(|q| q.value.cooked).map(|s| s.as_str())
        }
    }
}
