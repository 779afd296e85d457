//! A small service that decides about payments, and has GAPIN keep what it decided, on whose orders, and why.

mod rule;

use std::{collections::HashMap, env, fmt, process::ExitCode};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, post,
    web::{Data, Json},
};
use gapin_sdk::{Recorder, Settings, context};
use rule::{Account, Choice, Payment};
use serde_json::json;
use uuid::Uuid;

struct Desk {
    recorder: Recorder,
    accounts: HashMap<&'static str, Account>,
}

#[derive(Debug)]
struct UnknownAccount;

impl fmt::Display for UnknownAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such account")
    }
}

/// `X-User` says who orders it. A service of yours takes that from its sign-in.
#[post("/payments")]
async fn payments(request: HttpRequest, desk: Data<Desk>, payment: Json<Payment>) -> HttpResponse {
    let user = request.headers().get("x-user").and_then(|value| value.to_str().ok());
    let Some(user) = user else {
        return HttpResponse::BadRequest().json(json!({ "error": "say who orders it: X-User" }));
    };
    let id = Uuid::new_v4();
    // What is recorded inside is of this session, and on this user's orders. Nothing in it waits for the gateway.
    context::new().session_id(format!("payment-{id}")).user_id(user).scope(|| desk.decide(id, &payment))
}

impl Desk {
    fn decide(&self, id: Uuid, payment: &Payment) -> HttpResponse {
        let asked = format!("Pay {} cents from account {}?", payment.cents, payment.account);
        self.recorder.query().prompt(asked).parameters(payment).record();
        // Recorded by itself: what went in, what came out or went wrong, and how long it took.
        let found = self.recorder.wrap("find_account").input(&payment.account).try_call(|| self.find(&payment.account));
        let account = match found {
            Ok(account) => account,
            Err(unknown) => return HttpResponse::NotFound().json(json!({ "error": unknown.to_string() })),
        };
        let decision = rule::decide(account, payment);
        let event = self
            .recorder
            .decision("payment", decision.why)
            .options(Choice::ALL)
            .chosen(decision.choice)
            .confidence(1.0)
            .record();
        let answer = json!({ "payment": id, "decided": decision.choice, "why": decision.why, "event_id": event });
        self.recorder.response(&answer).record();
        HttpResponse::Ok().json(answer)
    }

    fn find(&self, account: &str) -> Result<&Account, UnknownAccount> {
        self.accounts.get(account).ok_or(UnknownAccount)
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    let recorder = match Recorder::new(Settings::new().ai_version("payments-1")) {
        Ok(recorder) => recorder,
        Err(error) => {
            eprintln!("{error}\nTake a gateway's settings: set -a; source .gapin/dev.env; set +a");
            return ExitCode::from(2);
        }
    };
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8090".to_owned());
    let accounts = [("a-1", 50_000), ("a-2", 900_000)];
    let desk = Data::new(Desk {
        recorder: recorder.clone(),
        accounts: accounts.map(|(name, balance_cents)| (name, Account { balance_cents })).into(),
    });
    let server = HttpServer::new(move || App::new().app_data(desk.clone()).service(payments)).workers(2).bind(&listen);
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            eprintln!("{listen} can't be listened at ({error}): name another by LISTEN=127.0.0.1:8091");
            return ExitCode::from(2);
        }
    };
    println!("payments: http://{listen}/payments");
    let served = server.run().await; // until SIGINT or SIGTERM
    let is_kept = recorder.close().await;
    println!("{} events are kept", recorder.stats().accepted);
    if served.is_ok() && is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
