//! Why an answer was given up, and what its client is told.

use async_graphql::parser::types::OperationType;

use super::budget::BudgetExceeded;

/// Why an answer was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum GivenUp {
    /// It has more bytes than an answer may have.
    TooLarge {
        /// How many it may have.
        most: usize,
    },
    /// There is no memory left for it.
    Overloaded(BudgetExceeded),
    /// It took too long.
    TooLong {
        /// How many seconds it might take.
        seconds: usize,
    },
}

impl GivenUp {
    /// What happened to the answer to an operation of this kind, and what its client can do.
    pub(in crate::graphql) fn told(self, kind: OperationType) -> String {
        let happened = self.happened(kind);
        let advice = match (self, kind) {
            (Self::TooLarge { .. }, OperationType::Query) => "ask for less: fewer values, or a smaller first",
            (Self::TooLarge { .. }, OperationType::Mutation) => {
                "what was stored is stored; repeat it, a message with the same clientMessageId, and ask for fewer values to get them"
            }
            (Self::TooLarge { .. }, OperationType::Subscription) => {
                "the next events are told; ask for fewer values of each event, and read the rest with a query"
            }
            (Self::Overloaded(_), OperationType::Query) => "try again",
            (Self::TooLong { .. }, OperationType::Query) => "ask for less",
            (Self::Overloaded(_) | Self::TooLong { .. }, OperationType::Mutation) => {
                "it may have been done; repeat it, a message with the same clientMessageId"
            }
            (Self::Overloaded(_), OperationType::Subscription) => {
                "the next events are told; read with a query what this one was about"
            }
            (Self::TooLong { .. }, OperationType::Subscription) => {
                "subscribe again with after: the cursor of the last event that you have"
            }
        };
        format!("{happened}; {advice}")
    }

    fn happened(self, kind: OperationType) -> String {
        let answer = match kind {
            OperationType::Query => "the answer",
            OperationType::Mutation => "the answer to the mutation",
            OperationType::Subscription => "the answer to an event",
        };
        match self {
            Self::TooLarge { most } => format!(
                "{answer} would have more than {most} bytes (serverInfo.limits.answerBytes), and was given up"
            ),
            Self::Overloaded(full) => format!("{full}, and {answer} was given up"),
            // What an event may take is no limit of its own: `MAX_EVENT_SECONDS`.
            Self::TooLong { seconds } if kind == OperationType::Subscription => {
                format!("{answer} took more than {seconds} s, and was given up")
            }
            Self::TooLong { seconds } => format!(
                "{answer} took more than {seconds} s (serverInfo.limits.executionSeconds), and was given up"
            ),
        }
    }
}
