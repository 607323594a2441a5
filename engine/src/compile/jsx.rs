//! JSX: `h(tag, props | null, ...children)` and `Fragment`.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::known::is_index;
use super::lower::*;
use crate::bytecode::module::{Const, StringId};
use crate::bytecode::op::emit;
use crate::bytecode::ops::{FRAME_HEADER, REG_CALLEE};

/// A child that produces a value.
enum Child<'a> {
    Text(String),
    Element(&'a JSXElement<'a>),
    Fragment(&'a JSXFragment<'a>),
    Value(&'a Expression<'a>),
    Spread(&'a Expression<'a>),
}

impl<'a, 'm> Lower<'a, 'm> {
    pub fn jsx_element(&mut self, element: &'a JSXElement<'a>, dst: Reg) {
        let children = children_of(&element.children);
        let (base, spread) = self.jsx_window(&children, element.span);
        self.jsx_tag(&element.opening_element.name, base + FRAME_HEADER);
        self.jsx_props(&element.opening_element.attributes, base + FRAME_HEADER + 1);
        self.jsx_call(base, &children, spread, element.span, dst);
    }

    pub fn jsx_fragment(&mut self, fragment: &'a JSXFragment<'a>, dst: Reg) {
        let children = children_of(&fragment.children);
        let (base, spread) = self.jsx_window(&children, fragment.span);
        self.jsx_name("Fragment", fragment.span, base + FRAME_HEADER);
        self.load_s(base + FRAME_HEADER + 1, NULL);
        self.jsx_call(base, &children, spread, fragment.span, dst);
    }

    /// The call window with its callee; whether its arguments have to go through an array.
    fn jsx_window(&mut self, children: &[Child<'a>], span: Span) -> (Reg, bool) {
        let spread = children.len() > 200 || children.iter().any(|c| matches!(c, Child::Spread(_)));
        let count = if spread { 2 } else { 2 + children.len() };
        let base = self.f.alloc_block(FRAME_HEADER as u32 + count as u32);
        self.jsx_name("h", span, base + REG_CALLEE);
        (base, spread)
    }

    /// `h` or `Fragment`: whatever the name means here.
    fn jsx_name(&mut self, name: &'static str, span: Span, dst: Reg) {
        let bind = self.analysis().lookup(self.scope, name);
        self.read(bind, name, false, span.start, dst);
    }

    fn jsx_call(&mut self, base: Reg, children: &[Child<'a>], spread: bool, span: Span, dst: Reg) {
        let first = base + FRAME_HEADER + 2;
        if !spread {
            for (i, child) in children.iter().enumerate() {
                self.jsx_child(child, first + i as Reg);
            }
            self.f.at(span.start);
            emit::CallU(&mut self.f.code, dst, base, 2 + children.len() as u16);
            return;
        }
        let array = base + FRAME_HEADER;
        emit::NewArray(&mut self.f.code, array, array, 2);
        for child in children {
            let mark = self.f.top();
            let value = self.f.alloc();
            self.jsx_child(child, value);
            self.f.at(span.start);
            match child {
                Child::Spread(_) => emit::ArraySpread(&mut self.f.code, array, value),
                _ => emit::ArrayPush(&mut self.f.code, array, value),
            };
            self.f.release(mark);
        }
        self.load_undefined(base + crate::bytecode::ops::REG_THIS);
        self.f.at(span.start);
        emit::CallSpread(&mut self.f.code, dst, base);
    }

    fn jsx_child(&mut self, child: &Child<'a>, dst: Reg) {
        match child {
            Child::Text(text) => {
                let k = self.k_owned(text);
                emit::LoadK(&mut self.f.code, dst, k);
            }
            Child::Element(element) => {
                let mark = self.f.top();
                self.jsx_element(element, dst);
                self.f.release(mark);
            }
            Child::Fragment(fragment) => {
                let mark = self.f.top();
                self.jsx_fragment(fragment, dst);
                self.f.release(mark);
            }
            Child::Value(value) | Child::Spread(value) => self.expr_to(value, dst),
        }
    }

    fn jsx_tag(&mut self, name: &'a JSXElementName<'a>, dst: Reg) {
        let mark = self.f.top();
        match name {
            JSXElementName::Identifier(ident) => {
                let k = self.k(ident.name.as_str());
                emit::LoadK(&mut self.f.code, dst, k);
            }
            JSXElementName::NamespacedName(n) => {
                let k = self.k_owned(&format!("{}:{}", n.namespace.name, n.name.name));
                emit::LoadK(&mut self.f.code, dst, k);
            }
            JSXElementName::IdentifierReference(ident) => {
                let (bind, check) = self.reference(ident);
                self.read(bind, ident.name.as_str(), check, ident.span.start, dst);
            }
            JSXElementName::MemberExpression(m) => self.jsx_member(m, dst),
            JSXElementName::ThisExpression(this) => {
                let reg = self.this(this.span.start);
                self.mov(dst, reg);
            }
        }
        self.f.release(mark);
    }

    fn jsx_member(&mut self, m: &'a JSXMemberExpression<'a>, dst: Reg) {
        match &m.object {
            JSXMemberExpressionObject::IdentifierReference(ident) => {
                let (bind, check) = self.reference(ident);
                self.read(bind, ident.name.as_str(), check, ident.span.start, dst);
            }
            JSXMemberExpressionObject::MemberExpression(inner) => self.jsx_member(inner, dst),
            JSXMemberExpressionObject::ThisExpression(this) => {
                let reg = self.this(this.span.start);
                self.mov(dst, reg);
            }
        }
        let k = self.k(m.property.name.as_str());
        self.f.at(m.property.span.start);
        emit::GetField(&mut self.f.code, dst, dst, k, 0);
        self.f.site();
    }

    /// Props as an object literal, null when there are none.
    fn jsx_props(&mut self, attributes: &'a [JSXAttributeItem<'a>], dst: Reg) {
        if attributes.is_empty() {
            return self.load_s(dst, NULL);
        }
        let mark = self.f.top();
        let mut keys: Vec<StringId> = Vec::new();
        for item in attributes.iter().take(60) {
            let JSXAttributeItem::Attribute(attribute) = item else { break };
            let name = attribute_name(&attribute.name);
            let id = self.out.strings.add(&name);
            if is_index(&name) || name == "__proto__" || keys.contains(&id) {
                break;
            }
            keys.push(id);
        }
        let count = keys.len();
        if count == 0 {
            emit::NewObject(&mut self.f.code, dst);
        } else {
            let base = self.f.alloc_block(count as u32);
            for (i, item) in attributes[..count].iter().enumerate() {
                if let JSXAttributeItem::Attribute(attribute) = item {
                    self.jsx_attribute_value(attribute, base + i as Reg);
                }
            }
            let k = self.f.constant(Const::Shape(keys));
            emit::NewLiteral(&mut self.f.code, dst, k, base);
        }
        self.f.release(mark);
        for item in &attributes[count..] {
            let mark = self.f.top();
            match item {
                JSXAttributeItem::SpreadAttribute(spread) => {
                    let value = self.expr(&spread.argument);
                    self.f.at(spread.span.start);
                    emit::CopyProps(&mut self.f.code, dst, value, 0, 0);
                }
                JSXAttributeItem::Attribute(attribute) => {
                    let value = self.f.alloc();
                    self.jsx_attribute_value(attribute, value);
                    let k = self.k_owned(&attribute_name(&attribute.name));
                    self.f.at(attribute.span.start);
                    emit::DefField(&mut self.f.code, dst, k, value, 0);
                    self.f.site();
                }
            }
            self.f.release(mark);
        }
    }

    fn jsx_attribute_value(&mut self, attribute: &'a JSXAttribute<'a>, dst: Reg) {
        let mark = self.f.top();
        match &attribute.value {
            None => self.load_s(dst, TRUE),
            Some(JSXAttributeValue::StringLiteral(s)) => {
                let k = self.k_owned(&decode_entities(s.value.as_str()));
                emit::LoadK(&mut self.f.code, dst, k);
            }
            Some(JSXAttributeValue::ExpressionContainer(c)) => match c.expression.as_expression() {
                Some(expression) => self.expr_to(expression, dst),
                None => self.error(c.span(), "a JSX attribute's expression must not be empty"),
            },
            Some(JSXAttributeValue::Element(element)) => self.jsx_element(element, dst),
            Some(JSXAttributeValue::Fragment(fragment)) => self.jsx_fragment(fragment, dst),
        }
        self.f.release(mark);
    }
}

fn attribute_name(name: &JSXAttributeName) -> String {
    match name {
        JSXAttributeName::Identifier(ident) => ident.name.to_string(),
        JSXAttributeName::NamespacedName(n) => format!("{}:{}", n.namespace.name, n.name.name),
    }
}

fn children_of<'a>(children: &'a [JSXChild<'a>]) -> Vec<Child<'a>> {
    children
        .iter()
        .filter_map(|child| match child {
            JSXChild::Text(text) => clean_text(text.value.as_str()).map(Child::Text),
            JSXChild::Element(element) => Some(Child::Element(element)),
            JSXChild::Fragment(fragment) => Some(Child::Fragment(fragment)),
            JSXChild::ExpressionContainer(c) => c.expression.as_expression().map(Child::Value),
            JSXChild::Spread(spread) => Some(Child::Spread(&spread.expression)),
        })
        .collect()
}

/// Lines are trimmed where they meet line breaks and joined by one space; blank ones vanish.
fn clean_text(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split(['\n', '\r']).collect();
    let last = lines.len() - 1;
    let blank = [' ', '\t'];
    let mut parts = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let mut line = *line;
        if i > 0 {
            line = line.trim_start_matches(blank);
        }
        if i < last {
            line = line.trim_end_matches(blank);
        }
        if !line.is_empty() {
            parts.push(line);
        }
    }
    (!parts.is_empty()).then(|| decode_entities(&parts.join(" ")))
}

#[rustfmt::skip]
/// Named entities with their code points: those of HTML 4 that pages use, and the five of XML.
const ENTITIES: &[(&str, u32)] = &[
    ("quot", 0x22), ("amp", 0x26), ("apos", 0x27), ("lt", 0x3c), ("gt", 0x3e), ("nbsp", 0xa0), ("iexcl", 0xa1),
    ("cent", 0xa2), ("pound", 0xa3), ("curren", 0xa4), ("yen", 0xa5), ("brvbar", 0xa6), ("sect", 0xa7),
    ("uml", 0xa8), ("copy", 0xa9), ("ordf", 0xaa), ("laquo", 0xab), ("not", 0xac), ("shy", 0xad), ("reg", 0xae),
    ("macr", 0xaf), ("deg", 0xb0), ("plusmn", 0xb1), ("sup2", 0xb2), ("sup3", 0xb3), ("acute", 0xb4),
    ("micro", 0xb5), ("para", 0xb6), ("middot", 0xb7), ("cedil", 0xb8), ("sup1", 0xb9), ("ordm", 0xba),
    ("raquo", 0xbb), ("frac14", 0xbc), ("frac12", 0xbd), ("frac34", 0xbe), ("iquest", 0xbf), ("Agrave", 0xc0),
    ("Aacute", 0xc1), ("Acirc", 0xc2), ("Atilde", 0xc3), ("Auml", 0xc4), ("Aring", 0xc5), ("AElig", 0xc6),
    ("Ccedil", 0xc7), ("Egrave", 0xc8), ("Eacute", 0xc9), ("Ecirc", 0xca), ("Euml", 0xcb), ("Igrave", 0xcc),
    ("Iacute", 0xcd), ("Icirc", 0xce), ("Iuml", 0xcf), ("ETH", 0xd0), ("Ntilde", 0xd1), ("Ograve", 0xd2),
    ("Oacute", 0xd3), ("Ocirc", 0xd4), ("Otilde", 0xd5), ("Ouml", 0xd6), ("times", 0xd7), ("Oslash", 0xd8),
    ("Ugrave", 0xd9), ("Uacute", 0xda), ("Ucirc", 0xdb), ("Uuml", 0xdc), ("Yacute", 0xdd), ("THORN", 0xde),
    ("szlig", 0xdf), ("agrave", 0xe0), ("aacute", 0xe1), ("acirc", 0xe2), ("atilde", 0xe3), ("auml", 0xe4),
    ("aring", 0xe5), ("aelig", 0xe6), ("ccedil", 0xe7), ("egrave", 0xe8), ("eacute", 0xe9), ("ecirc", 0xea),
    ("euml", 0xeb), ("igrave", 0xec), ("iacute", 0xed), ("icirc", 0xee), ("iuml", 0xef), ("eth", 0xf0),
    ("ntilde", 0xf1), ("ograve", 0xf2), ("oacute", 0xf3), ("ocirc", 0xf4), ("otilde", 0xf5), ("ouml", 0xf6),
    ("divide", 0xf7), ("oslash", 0xf8), ("ugrave", 0xf9), ("uacute", 0xfa), ("ucirc", 0xfb), ("uuml", 0xfc),
    ("yacute", 0xfd), ("thorn", 0xfe), ("yuml", 0xff), ("OElig", 0x152), ("oelig", 0x153), ("Scaron", 0x160),
    ("scaron", 0x161), ("Yuml", 0x178), ("fnof", 0x192), ("circ", 0x2c6), ("tilde", 0x2dc), ("Alpha", 0x391),
    ("Beta", 0x392), ("Gamma", 0x393), ("Delta", 0x394), ("Omega", 0x3a9), ("alpha", 0x3b1), ("beta", 0x3b2),
    ("gamma", 0x3b3), ("delta", 0x3b4), ("epsilon", 0x3b5), ("lambda", 0x3bb), ("mu", 0x3bc), ("pi", 0x3c0),
    ("sigma", 0x3c3), ("omega", 0x3c9), ("ensp", 0x2002), ("emsp", 0x2003), ("thinsp", 0x2009), ("zwnj", 0x200c),
    ("zwj", 0x200d), ("lrm", 0x200e), ("rlm", 0x200f), ("ndash", 0x2013), ("mdash", 0x2014), ("lsquo", 0x2018),
    ("rsquo", 0x2019), ("sbquo", 0x201a), ("ldquo", 0x201c), ("rdquo", 0x201d), ("bdquo", 0x201e),
    ("dagger", 0x2020), ("Dagger", 0x2021), ("bull", 0x2022), ("hellip", 0x2026), ("permil", 0x2030),
    ("prime", 0x2032), ("Prime", 0x2033), ("lsaquo", 0x2039), ("rsaquo", 0x203a), ("oline", 0x203e),
    ("frasl", 0x2044), ("euro", 0x20ac), ("image", 0x2111), ("trade", 0x2122), ("larr", 0x2190), ("uarr", 0x2191),
    ("rarr", 0x2192), ("darr", 0x2193), ("harr", 0x2194), ("crarr", 0x21b5), ("lArr", 0x21d0), ("rArr", 0x21d2),
    ("forall", 0x2200), ("part", 0x2202), ("exist", 0x2203), ("empty", 0x2205), ("nabla", 0x2207), ("isin", 0x2208),
    ("sum", 0x2211), ("minus", 0x2212), ("radic", 0x221a), ("infin", 0x221e), ("and", 0x2227), ("or", 0x2228),
    ("cap", 0x2229), ("cup", 0x222a), ("int", 0x222b), ("asymp", 0x2248), ("ne", 0x2260), ("equiv", 0x2261),
    ("le", 0x2264), ("ge", 0x2265), ("sub", 0x2282), ("sup", 0x2283), ("loz", 0x25ca), ("spades", 0x2660),
    ("clubs", 0x2663), ("hearts", 0x2665), ("diams", 0x2666),
];

fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let decoded = rest[1..].find(';').filter(|&end| end <= 10).and_then(|end| {
            let name = &rest[1..=end];
            let code = if let Some(hex) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                u32::from_str_radix(hex, 16).ok()
            } else if let Some(decimal) = name.strip_prefix('#') {
                decimal.parse().ok()
            } else {
                ENTITIES.iter().find(|e| e.0 == name).map(|e| e.1)
            };
            code.and_then(char::from_u32).map(|c| (c, end + 2))
        });
        match decoded {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{clean_text, decode_entities};

    #[test]
    fn text_is_trimmed_at_line_breaks() {
        assert_eq!(clean_text("  a\n   b  \n\n c  ").as_deref(), Some("  a b c  "));
        assert_eq!(clean_text(" \n  \n"), None);
        assert_eq!(clean_text(" ").as_deref(), Some(" "));
        assert_eq!(decode_entities("&lt;&amp;&#65;&#x42;&nope; &"), "<&AB&nope; &");
    }
}
