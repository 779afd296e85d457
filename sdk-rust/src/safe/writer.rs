//! Writes the canonical form of what is serialized into it.

use std::{
    any::type_name,
    panic::{AssertUnwindSafe, catch_unwind},
};

use aibbar::{canonical, json::DEPTH_MAX};
use serde::Serialize;

use super::{LOOKED_BYTES_MAX, NODES_MAX};

/// Kept from one event to the next, so that recording allocates little.
#[derive(Default)]
pub(crate) struct Writer {
    /// What is written.
    pub(crate) out: Vec<u8>,
    /// The names of the objects that are not closed yet, one behind the other.
    pub(super) names: String,
    /// The members of those objects, each object's behind the one's that it stands in.
    members: Vec<Member>,
    scratch: Vec<u8>,
    /// How deep inside of the event it is.
    pub(super) depth: usize,
    nodes: usize,
    /// What could not be serialized.
    pub(crate) faults: u64,
}

#[derive(Clone, Copy)]
struct Member {
    name: (usize, usize),
    /// With its name, without a comma.
    text: (usize, usize),
}

/// An object or array that is not closed yet.
pub(super) struct Open {
    member_base: usize,
    name_base: usize,
    begin: usize,
    is_first: bool,
    /// Nothing more of it is written.
    is_left_out: bool,
}

impl Writer {
    /// Forgets what was written, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.out.clear();
        self.names.clear();
        self.members.clear();
        (self.depth, self.nodes, self.faults) = (0, 0, 0);
    }

    /// Writes a value that stands so deep inside of an event. A panic of its `Serialize` ends here.
    pub(crate) fn value_at<T: Serialize + ?Sized>(&mut self, depth: usize, value: &T) {
        let begin = self.out.len();
        self.depth = depth;
        let done = catch_unwind(AssertUnwindSafe(|| self.value(value)));
        if done.is_err() {
            self.out.truncate(begin);
            self.names.clear();
            self.members.clear();
            self.unshown::<T>();
        }
    }

    /// Writes one value: a mark where it can't be serialized.
    pub(super) fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        let (begin, names, members, depth) = (self.out.len(), self.names.len(), self.members.len(), self.depth);
        self.nodes += 1;
        if value.serialize(&mut *self).is_err() {
            self.out.truncate(begin);
            self.names.truncate(names);
            self.members.truncate(members);
            self.depth = depth;
            self.unshown::<T>();
        }
    }

    fn unshown<T: ?Sized>(&mut self) {
        self.faults += 1;
        let name = type_name::<T>();
        let end = name.find('<').unwrap_or(name.len());
        let short = name[..end].rsplit("::").next().unwrap_or(name);
        self.text(&format!("[{short} that can't be shown]"));
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        if text.len() > LOOKED_BYTES_MAX {
            return self.text(&super::cut::text(text, super::CUT_TO[0]));
        }
        canonical::write_string(&mut self.out, text);
    }

    /// Opens an object or array. `None`, with a mark in its place, where it stands too deep.
    pub(super) fn open(&mut self, bracket: u8) -> Option<Open> {
        if self.depth >= DEPTH_MAX {
            self.text("[nested deeper than 64 levels]");
            return None;
        }
        self.depth += 1;
        let open = Open {
            member_base: self.members.len(),
            name_base: self.names.len(),
            begin: self.out.len(),
            is_first: true,
            is_left_out: false,
        };
        self.out.push(bracket);
        Some(open)
    }

    /// One element of an array.
    pub(super) fn element<T: Serialize + ?Sized>(&mut self, open: &mut Open, value: &T) {
        if open.is_left_out {
            return;
        }
        self.comma(open);
        if self.is_full() {
            open.is_left_out = true;
            return self.text("[left out: too many values]");
        }
        self.value(value);
    }

    /// One member of an object, whose name is that part of `names` that begins there.
    pub(super) fn member<T: Serialize + ?Sized>(&mut self, open: &mut Open, name: usize, value: &T) {
        if open.is_left_out {
            return self.names.truncate(name);
        }
        let is_full = self.is_full();
        if is_full {
            open.is_left_out = true;
            self.names.truncate(name);
            self.names.push('…');
        }
        let name = (name, self.names.len());
        self.comma(open);
        let begin = self.out.len();
        canonical::write_string(&mut self.out, &self.names[name.0..name.1]);
        self.out.push(b':');
        // Its own place, before those of what is inside.
        let index = self.members.len();
        self.members.push(Member { name, text: (begin, begin) });
        if is_full {
            self.text("[left out: too many values]")
        } else {
            self.value(value)
        }
        self.members[index].text.1 = self.out.len();
    }

    /// Closes an array.
    pub(super) fn close_array(&mut self) {
        self.depth -= 1;
        self.out.push(b']');
    }

    /// Closes an object: its members in their order, of one name the last.
    pub(super) fn close_object(&mut self, open: &Open) {
        self.depth -= 1;
        let (members, names) = (&mut self.members[open.member_base..], &self.names);
        let name_of = |member: &Member| &names[member.name.0..member.name.1];
        if !members.is_sorted_by(|a, b| canonical::utf16_order(name_of(a), name_of(b)).is_lt()) {
            members.sort_by(|a, b| canonical::utf16_order(name_of(a), name_of(b)));
            self.scratch.clear();
            for (index, member) in members.iter().enumerate() {
                if members.get(index + 1).is_some_and(|next| name_of(next) == name_of(member)) {
                    continue;
                }
                if !self.scratch.is_empty() {
                    self.scratch.push(b',');
                }
                self.scratch.extend_from_slice(&self.out[member.text.0..member.text.1]);
            }
            self.out.truncate(open.begin + 1);
            self.out.extend_from_slice(&self.scratch);
        }
        self.members.truncate(open.member_base);
        self.names.truncate(open.name_base);
        self.out.push(b'}');
    }

    fn comma(&mut self, open: &mut Open) {
        if !open.is_first {
            self.out.push(b',');
        }
        open.is_first = false;
    }

    fn is_full(&self) -> bool {
        self.nodes >= NODES_MAX || self.out.len() >= LOOKED_BYTES_MAX
    }
}
