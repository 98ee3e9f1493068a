//! `messenger serve`: the server, from its start to its end.

use std::{sync::Arc, time::Duration};

use futures_util::future::select_all;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    application::{open, runtime, store_config},
    command_line::ServeArgs,
    document_policy::policy,
    greeting::{Page, greeting},
    keys::auth,
    outcome::{CliError, say},
};
use crate::{
    app::App,
    domain::{Pruned, find_clock_error, prune_events},
    graphql::Api,
    http,
    rates::Rates,
    store::StoreConfig,
    types::{Clock, ClockWatch},
};

/// How long to wait for another server that works with the database: as long as that one may take to finish what is in flight
/// when it stops, and some seconds to close the database.
const HOLDER: Duration = Duration::from_secs(40);

/// Takes the address before it touches the database, so that a start that fails leaves nothing behind.
pub(super) fn serve(args: &ServeArgs) -> Result<(), CliError> {
    let runtime = runtime()?;
    let file = args.database.file()?;
    let retention_days = args.events.retention_days()?;
    let limits = Arc::new(args.limits.limits()?);
    let proxies = args.proxies.addresses()?;
    let (connections, of_address) = (args.server.max_connections()?, args.server.max_address_connections()?);
    let connection_limit = http::ConnectionLimit::new(connections, of_address, proxies.clone());
    let origins = args.browsers.allowed_origins()?;
    let policy = policy(&args.documents, Arc::clone(&limits))?;
    let graphiql =
        Page::of(args.browsers.graphiql()?, policy.is_trusting()).with_schema(policy.tells_schema());
    let chat = Page::of(args.browsers.chat()?, policy.is_trusting());
    let (listener, addr) = runtime.block_on(http::bind(args.server.addr()?)).map_err(CliError::Other)?;
    let auth = runtime.block_on(auth(args, addr))?;
    let rates = args.rates.rates(auth.is_open())?;
    let read_deadline = Duration::from_secs(limits.execution_seconds as u64);
    let store = StoreConfig {
        read_deadline,
        holder_timeout: HOLDER,
        address: Some(addr),
        ..store_config(&args.database)?
    };
    let app = open(&store, auth)?;
    let app = App { limits, rates: Arc::new(Rates::new(rates, &app.clock)), ..app };
    let stop = runtime.block_on(async { stop_signal() })?;
    say(&greeting(addr, &file, graphiql, chat, &app.auth))?;
    if app.auth.is_open() {
        tracing::warn!(%addr, "open mode: whoever reaches this address may read everything and act as anybody");
    }
    runtime.block_on(async {
        let pruning = tokio::spawn(prune_regularly(app.clone(), retention_days));
        let auth = app.auth.clone();
        let refreshing = tokio::spawn(async move { auth.keep_fresh().await });
        // Resolvers need a runtime to spawn on, so the routes are made inside it.
        let forgetting = tokio::spawn(evict_idle(Arc::clone(&app.rates)));
        let watching = tokio::spawn(watch_clock(app.clone()));
        let shows = Page::is_there;
        let options = http::HttpOptions { origins, graphiql: shows(graphiql), chat: shows(chat), proxies };
        let api = Api::behind(policy, app.clone());
        http::serve(listener, http::routes(app.clone(), api, addr, options), connection_limit, stop).await;
        pruning.abort();
        refreshing.abort();
        forgetting.abort();
        watching.abort();
    });
    finish(&app);
    Ok(())
}

/// Forgets old events, at the start and then every hour. Says once that it is put off: an idle server is no news.
async fn prune_regularly(app: App, retention_days: u32) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    let mut was_put_off = false;
    loop {
        hourly.tick().await;
        let pruned = prune_events(&app, retention_days).await;
        let is_put_off = matches!(pruned, Ok(Pruned::PutOff));
        match pruned {
            Ok(Pruned::Forgot(0)) => {}
            Ok(Pruned::Forgot(events)) => tracing::info!(events, retention_days, "old events forgotten"),
            Ok(Pruned::PutOff) if was_put_off => {}
            Ok(Pruned::PutOff) => tracing::warn!(
                retention_days,
                "old events are kept: nothing newer has been there for a day, so the machine's clock may be ahead"
            ),
            Err(error) => {
                tracing::error!(%error, "old events could not be forgotten; tried again in an hour");
            }
        }
        was_put_off = is_put_off;
    }
}

/// Forgets those whose buckets are full, so that they take no memory for ever.
async fn evict_idle(rates: Arc<Rates>) {
    let mut now_and_then = tokio::time::interval(Duration::from_mins(1));
    loop {
        now_and_then.tick().await;
        rates.evict_idle();
    }
}

/// Says when the machine's clock is behind what it was before, and when it is set.
async fn watch_clock(app: App) {
    match find_clock_error(&app).await {
        Ok(Some(behind)) => tracing::warn!(
            seconds = behind.as_secs(),
            "the newest event is of a time to come: the machine's clock is behind, or was ahead"
        ),
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "whether the machine's clock is behind could not be read"),
    }
    let mut watch = ClockWatch::begin(&*app.clock);
    let mut now_and_then = tokio::time::interval(Duration::from_mins(1));
    loop {
        now_and_then.tick().await;
        if let Some(millis) = watch.step(&*app.clock) {
            let now = Clock::now(&*app.clock);
            tracing::warn!(seconds = millis / 1_000, %now, "the machine's clock was set, or the machine slept");
        }
    }
}

/// Commits what was accepted and closes the database.
fn finish(app: &App) {
    app.store.close();
    tracing::info!("stopped; everything that was accepted is on disk");
}

/// The signals that end a process unless it listens for them: from a terminal, a service manager, and a terminal that is
/// closed. There is nothing to read again at a SIGHUP, so it stops the server in order as well.
const STOP_SIGNALS: [fn() -> SignalKind; 4] =
    [SignalKind::interrupt, SignalKind::terminate, SignalKind::hangup, SignalKind::quit];

/// Ends at the first of these signals; the second one ends the process at once.
fn stop_signal() -> Result<impl Future<Output = ()>, CliError> {
    let cannot = |error| CliError::Other(format!("cannot listen for signals: {error}"));
    let listening = STOP_SIGNALS.map(|kind| signal(kind()).map_err(cannot));
    let mut signals = listening.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(async move {
        any(&mut signals).await;
        tracing::info!("stopping: finishing what is in flight; a second signal stops at once");
        tokio::spawn(async move {
            any(&mut signals).await;
            std::process::exit(1);
        });
    })
}

/// Returns when one of the signals comes.
async fn any(signals: &mut [Signal]) {
    drop(select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await);
}
