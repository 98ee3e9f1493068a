//! How often one may do what.

use std::num::NonZeroU32;

use clap::Args;

use super::{ConfigError, Setting};

/// How fast a bucket fills, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many a second, in the long run.
    pub per_second: NonZeroU32,
    /// How many at once, after a pause.
    pub burst: NonZeroU32,
}

/// Writes the settings and what they come to from one table.
macro_rules! rates {
    ($($(#[doc = $doc:literal])+ $rate:ident = $per_second:literal : $burst:literal, $setting:ident, $env:literal;)+) => {
        /// How often one may do what: the settings. Each is how many a second and how many at once, such as `10:100`, or
        /// `off`.
        #[derive(Args, Clone, Debug, Default)]
        #[command(next_help_heading = "Rates")]
        pub struct RateArgs {
            $(
                $(#[doc = $doc])+
                #[arg(
                    long,
                    env = $env,
                    hide_env_values = true,
                    value_name = "RATE",
                    help = concat!(
                        $($doc,)+
                        ": how many a second and how many at once, or off; in open mode off unless it is set [default: ",
                        $per_second, ":", $burst, "]"
                    ).trim_start()
                )]
                pub $setting: Option<String>,
            )+
        }

        /// How often one may do what; `None` is as often as one likes.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct RateConfig {
            $($(#[doc = $doc])+ pub $rate: Option<Rate>,)+
        }

        impl RateArgs {
            /// The rates. What is not set has its default, and none on an open server, where nobody is known.
            pub fn rates(&self, is_open: bool) -> Result<RateConfig, ConfigError> {
                Ok(RateConfig {
                    $($rate: match Setting($env).given(self.$setting.as_ref())? {
                        Some(text) => read(Setting($env), text)?,
                        None if is_open => None,
                        None => pair($per_second, $burst),
                    },)+
                })
            }
        }
    };
}

rates! {
    /// Messages that one user sends, a text once more for each KiB that it has
    sends = 10 : 200, rate_sends, "MESSENGER_RATE_SENDS";
    /// Other mutations of one user, an edited text once more for each KiB that it has
    mutations = 20 : 200, rate_mutations, "MESSENGER_RATE_MUTATIONS";
    /// People whom one user adds to chatrooms
    invites = 1 : 200, rate_invites, "MESSENGER_RATE_INVITES";
    /// Queries of one user, subscriptions that begin, documents that are new to the server, and requests that it refuses
    queries = 50 : 500, rate_queries, "MESSENGER_RATE_QUERIES";
    /// Values of events that are written for one user alone, which are told more slowly beyond that
    event_values = 50_000 : 1_000_000, rate_event_values, "MESSENGER_RATE_EVENT_VALUES";
    /// WebSockets that one user opens
    connects = 1 : 50, rate_connects, "MESSENGER_RATE_CONNECTS";
    /// Messages of one user over WebSockets, whatever they ask for
    messages = 200 : 2_000, rate_messages, "MESSENGER_RATE_MESSAGES";
    /// Requests from one address, before it is known who sends them
    requests = 200 : 2_000, rate_requests, "MESSENGER_RATE_REQUESTS";
}

fn pair(per_second: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_second: NonZeroU32::new(per_second)?, burst: NonZeroU32::new(burst)? })
}

/// `off`, or two numbers with a colon between them.
fn read(setting: Setting, text: &str) -> Result<Option<Rate>, ConfigError> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    let rate = text
        .split_once(':')
        .and_then(|(per_second, burst)| pair(per_second.trim().parse().ok()?, burst.trim().parse().ok()?));
    rate.map(Some).ok_or_else(|| ConfigError::Rate { setting, given: text.to_owned() })
}
