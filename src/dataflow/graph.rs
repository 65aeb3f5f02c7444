//! The call graph: for each method of the app what it calls, makes and
//! initialises. One walk over the code gives it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::program::{ClassId, MethodId, MethodRef};

/// What one method does to another, in four bytes: three bits of kind, then the
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(u32);

/// An edge, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Calls exactly this method.
    Method(MethodId),
    /// Calls what the receiver's class has.
    Dispatched(CalleeId),
    /// Makes an object.
    Instantiates(ClassId),
    /// Uses a static field: the class is initialised.
    Initialises(ClassId),
    /// Holds a class constant: whoever gets it may make an object.
    Names(ClassId),
    /// Holds the constant of a service's class and starts or binds a service.
    Starts(ClassId),
}

/// A reference whose target depends on the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalleeId(pub u32);

const KIND: u32 = 29;
const NUMBER: u32 = (1 << KIND) - 1;
const KINDS: usize = 6;

impl Edge {
    /// No edge.
    pub const NONE: Edge = Edge(u32::MAX);

    const fn new(kind: u32, number: u32) -> Self {
        // A number beyond 2^29 stands for more code than a package may hold
        // (`MAX_PACKAGE_INFLATED_BYTES`).
        if number >= NUMBER {
            return Self::NONE;
        }
        Self(kind << KIND | number)
    }

    /// Kind and number.
    fn parts(self) -> (usize, usize) {
        ((self.0 >> KIND) as usize, (self.0 & NUMBER) as usize)
    }

    /// Calls a method.
    pub fn method(id: MethodId) -> Self {
        Self::new(0, id.0)
    }

    /// Calls what the receiver's class has.
    pub fn dispatched(id: CalleeId) -> Self {
        Self::new(1, id.0)
    }

    /// Makes an object of a class.
    pub fn instantiates(id: ClassId) -> Self {
        Self::new(2, id.0)
    }

    /// Initialises a class.
    pub fn initialises(id: ClassId) -> Self {
        Self::new(3, id.0)
    }

    /// Holds a class constant.
    pub fn names(id: ClassId) -> Self {
        Self::new(4, id.0)
    }

    /// Starts or binds a service.
    pub fn starts(id: ClassId) -> Self {
        Self::new(5, id.0)
    }

    /// What it leads to.
    pub fn target(self) -> Option<Target> {
        if self == Self::NONE {
            return None;
        }
        let number = self.0 & NUMBER;
        Some(match self.0 >> KIND {
            0 => Target::Method(MethodId(number)),
            1 => Target::Dispatched(CalleeId(number)),
            2 => Target::Instantiates(ClassId(number)),
            3 => Target::Initialises(ClassId(number)),
            4 => Target::Names(ClassId(number)),
            _ => Target::Starts(ClassId(number)),
        })
    }
}

/// Gives numbers to references that need a dispatch.
#[derive(Debug, Default)]
pub struct Edges {
    numbers: HashMap<MethodRef, CalleeId, RandomState>,
    all: Vec<MethodRef>,
}

impl Edges {
    /// The edge of a call whose target depends on the receiver.
    pub fn dispatched(&mut self, reference: MethodRef) -> Edge {
        let next = CalleeId(self.all.len() as u32);
        let number = *self.numbers.entry(reference).or_insert(next);
        if number == next {
            self.all.push(reference);
        }
        Edge::dispatched(number)
    }
}

/// What each method does, all in one array.
#[derive(Debug, Default)]
pub struct CallGraph {
    starts: Vec<u32>,
    edges: Vec<Edge>,
    /// Edges that only reflection gives, sorted by the method that has them.
    reflective: Vec<(MethodId, Edge)>,
    /// The same, sorted by edge.
    reflective_by_edge: Vec<(Edge, MethodId)>,
    callees: Edges,
}

impl CallGraph {
    /// A graph without edges that the edges of methods are appended to.
    pub fn new(methods: usize) -> Self {
        let mut starts = Vec::with_capacity(methods + 1);
        starts.push(0);
        Self {
            starts,
            ..Self::default()
        }
    }

    /// Appends the edges of the next method: sorted, each once.
    pub fn push(&mut self, edges: &mut Vec<Edge>) {
        edges.sort_unstable();
        edges.dedup();
        self.edges.append(edges);
        self.starts.push(self.edges.len() as u32);
    }

    /// Appends the methods of another graph behind these.
    pub fn append(&mut self, other: &Self) {
        let offset = self.edges.len() as u32;
        self.edges.extend(&other.edges);
        let starts = other.starts.iter().skip(1);
        self.starts.extend(starts.map(|start| start + offset));
    }

    /// Sets the references that need a dispatch.
    pub fn set_callees(&mut self, callees: Edges) {
        self.callees = callees;
    }

    /// Adds what reflection with known names gives.
    pub fn add_reflective(&mut self, mut edges: Vec<(MethodId, Edge)>) {
        self.reflective.append(&mut edges);
        self.reflective.sort_unstable();
        self.reflective.dedup();
        let turned = self.reflective.iter().map(|&(by, edge)| (edge, by));
        self.reflective_by_edge = turned.collect();
        self.reflective_by_edge.sort_unstable();
    }

    /// What a method does.
    pub fn of(&self, method: MethodId) -> impl Iterator<Item = Target> + '_ {
        let at = method.0 as usize;
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        let own = bounds.and_then(|(&start, &end)| self.edges.get(start as usize..end as usize));
        let first = self.reflective.partition_point(|(by, _)| *by < method);
        let reflective = self.reflective.get(first..).unwrap_or_default();
        let reflective = reflective
            .iter()
            .take_while(move |(by, _)| *by == method)
            .map(|(_, edge)| *edge);
        let own = own.unwrap_or_default().iter().copied();
        own.chain(reflective).filter_map(Edge::target)
    }

    /// The reference behind a number.
    pub fn callee(&self, id: CalleeId) -> Option<MethodRef> {
        self.callees.all.get(id.0 as usize).copied()
    }

    /// The number of a reference that needs a dispatch.
    pub fn find_callee(&self, reference: MethodRef) -> Option<CalleeId> {
        self.callees.numbers.get(&reference).copied()
    }

    /// Number of references that need a dispatch.
    pub fn callee_count(&self) -> usize {
        self.callees.all.len()
    }

    /// Gives back room that was not used.
    pub fn shrink(&mut self) {
        self.edges.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// The methods that have an edge which only reflection gives.
    pub fn reflective_sources(&self, edge: Edge) -> impl Iterator<Item = MethodId> + '_ {
        let all = &self.reflective_by_edge;
        let first = all.partition_point(|(to, _)| *to < edge);
        let to_it = all.iter().skip(first);
        to_it
            .take_while(move |(to, _)| *to == edge)
            .map(|(_, by)| *by)
    }
}

/// The graph turned round: for each edge the methods that have it. Edges that
/// only reflection gives are left out.
#[derive(Debug)]
pub struct Reverse {
    /// By kind of edge: where the sources of each number begin.
    starts: [Vec<u32>; KINDS],
    sources: Vec<MethodId>,
}

impl Reverse {
    /// Turns a graph round.
    pub fn of(graph: &CallGraph) -> Self {
        let mut starts: [Vec<u32>; KINDS] = Default::default();
        for edge in &graph.edges {
            let (kind, number) = edge.parts();
            let Some(of_kind) = starts.get_mut(kind) else {
                continue;
            };
            // Behind the number's own place, so that the sums are the starts.
            if of_kind.len() < number + 2 {
                of_kind.resize(number + 2, 0);
            }
            of_kind[number + 1] += 1;
        }
        let mut total = 0;
        for start in starts.iter_mut().flatten() {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut sources = vec![MethodId(0); graph.edges.len()];
        for (method, bounds) in graph.starts.windows(2).enumerate() {
            let edges = graph.edges.get(bounds[0] as usize..bounds[1] as usize);
            for edge in edges.unwrap_or_default() {
                let (kind, number) = edge.parts();
                let Some(at) = next.get_mut(kind).and_then(|next| next.get_mut(number)) else {
                    continue;
                };
                if let Some(slot) = sources.get_mut(*at as usize) {
                    *slot = MethodId(method as u32);
                }
                *at += 1;
            }
        }
        Self { starts, sources }
    }

    /// The methods that have an edge, in their order.
    pub fn sources(&self, edge: Edge) -> &[MethodId] {
        let (kind, number) = edge.parts();
        let starts = self.starts.get(kind).map_or(&[][..], Vec::as_slice);
        let bounds = starts.get(number).zip(starts.get(number + 1));
        bounds
            .and_then(|(&start, &end)| self.sources.get(start as usize..end as usize))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_keeps_kind_and_number() {
        for (edge, target) in [
            (Edge::method(MethodId(7)), Target::Method(MethodId(7))),
            (
                Edge::instantiates(ClassId(0)),
                Target::Instantiates(ClassId(0)),
            ),
            (Edge::names(ClassId(3)), Target::Names(ClassId(3))),
            (Edge::starts(ClassId(4)), Target::Starts(ClassId(4))),
            (
                Edge::initialises(ClassId(9)),
                Target::Initialises(ClassId(9)),
            ),
        ] {
            assert_eq!(edge.target(), Some(target));
        }
        assert_eq!(Edge::NONE.target(), None);
        assert_eq!(Edge::method(MethodId(u32::MAX)), Edge::NONE);
    }

    #[test]
    fn the_graph_turned_round_tells_who_has_an_edge() {
        let mut graph = CallGraph::new(3);
        let (called, made) = (Edge::method(MethodId(2)), Edge::instantiates(ClassId(0)));
        graph.push(&mut vec![called]);
        graph.push(&mut vec![made, called]);
        graph.push(&mut Vec::new());
        graph.add_reflective(vec![(MethodId(2), made)]);
        let reverse = Reverse::of(&graph);
        assert_eq!(reverse.sources(called), [MethodId(0), MethodId(1)]);
        assert_eq!(reverse.sources(made), [MethodId(1)]);
        assert_eq!(reverse.sources(Edge::method(MethodId(1))), []);
        assert_eq!(reverse.sources(Edge::NONE), []);
        let reflective: Vec<_> = graph.reflective_sources(made).collect();
        assert_eq!(reflective, [MethodId(2)]);
    }

    #[test]
    fn edges_of_a_method_are_each_told_once() {
        let mut graph = CallGraph::new(2);
        graph.push(&mut vec![
            Edge::method(MethodId(1)),
            Edge::method(MethodId(1)),
        ]);
        graph.push(&mut Vec::new());
        graph.add_reflective(vec![(MethodId(1), Edge::instantiates(ClassId(3)))]);
        assert_eq!(graph.of(MethodId(0)).count(), 1);
        let second: Vec<_> = graph.of(MethodId(1)).collect();
        assert_eq!(second, [Target::Instantiates(ClassId(3))]);
    }
}
