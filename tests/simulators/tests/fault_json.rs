//! The form in which a panel sends faults: what is fixed here may not change unseen.

use simulators::Fault;
use simulators::cctalk::CashBus;

#[test]
fn every_fault_has_its_json_and_reads_back() {
    let forms = [
        r#"{"device":"validator","fault":"reset"}"#,
        r#"{"device":"validator","fault":{"note-at-reset":"stacked"}}"#,
        r#"{"device":"validator","fault":"power-cycle"}"#,
        r#"{"device":"validator","fault":{"jam":"unsafe"}}"#,
        r#"{"device":"validator","fault":"stacker-full"}"#,
        r#"{"device":"validator","fault":"stacker-removed"}"#,
        r#"{"device":"validator","fault":{"stay-inhibited":{"times":2}}}"#,
        r#"{"device":"validator","fault":{"enable-late":{"reads":2}}}"#,
        r#"{"device":"validator","fault":"stay-inhibited-for-ever"}"#,
        r#"{"device":"validator","fault":"reject-all"}"#,
        r#"{"device":"validator","fault":"unknown-code"}"#,
        r#"{"device":"validator","fault":{"event":{"a":0,"b":17}}}"#,
        r#"{"device":"validator","fault":"escrow-timeout"}"#,
        r#"{"device":"validator","fault":{"route-fails":{"times":1}}}"#,
        r#"{"device":"validator","fault":{"fault-code":{"code":37}}}"#,
        r#"{"device":"validator","fault":{"counter-jump":{"to":254}}}"#,
        r#"{"device":"validator","fault":"silent"}"#,
        r#"{"device":"validator","fault":{"slow":{"ms":300}}}"#,
        r#"{"device":"validator","fault":{"drop-reply":{"n":1}}}"#,
        r#"{"device":"validator","fault":{"drop-command":{"n":1}}}"#,
        r#"{"device":"validator","fault":{"garble-reply":{"n":1,"byte":3}}}"#,
        r#"{"device":"validator","fault":"clear"}"#,
        r#"{"device":"coin-acceptor","fault":{"six-coins":{"cents":100}}}"#,
        r#"{"device":"coin-acceptor","fault":{"swallow-coin":{"reported":false}}}"#,
        r#"{"device":"coin-acceptor","fault":"sorter-blocked"}"#,
        r#"{"device":"coin-acceptor","fault":"silent"}"#,
        r#"{"device":"hopper","fault":{"address":3,"what":{"empty-after":{"after":2}}}}"#,
        r#"{"device":"hopper","fault":{"address":3,"what":{"jam-reply-lost":{"after":1}}}}"#,
        r#"{"device":"hopper","fault":{"address":4,"what":{"reset-in-payout":{"after":1}}}}"#,
        r#"{"device":"hopper","fault":{"address":4,"what":{"power-cut-in-payout":{"after":1}}}}"#,
        r#"{"device":"hopper","fault":{"address":5,"what":"double-coin"}}"#,
        r#"{"device":"hopper","fault":{"address":5,"what":{"nak":{"times":1}}}}"#,
        r#"{"device":"hopper","fault":{"address":5,"what":"dispense-reply-lost"}}"#,
        r#"{"device":"hopper","fault":{"address":6,"what":"power-lost-flag"}}"#,
        r#"{"device":"hopper","fault":{"address":6,"what":{"counter-jump":{"by":3}}}}"#,
        r#"{"device":"hopper","fault":{"address":6,"what":"disabled"}}"#,
        r#"{"device":"hopper","fault":{"address":6,"what":"silent"}}"#,
        r#"{"device":"printer","fault":{"paper-left":{"mm":20}}}"#,
        r#"{"device":"printer","fault":"paper-end"}"#,
        r#"{"device":"printer","fault":"cutter-error"}"#,
        r#"{"device":"printer","fault":{"jam-after":{"mm":10}}}"#,
        r#"{"device":"printer","fault":{"power-cut-after":{"bytes":100}}}"#,
        r#"{"device":"page-printer","fault":{"jam-in-sheet":{"nth":2}}}"#,
        r#"{"device":"barcode","fault":"garble"}"#,
        r#"{"device":"barcode","fault":{"junk":{"bytes":100000}}}"#,
        r#"{"device":"line","fault":{"drop-command":{"n":3}}}"#,
        r#"{"device":"line","fault":"cut"}"#,
        r#"{"device":"card","fault":{"pulled":{"command":3,"acted":true}}}"#,
        r#"{"device":"card","fault":{"mute":{"command":1}}}"#,
        r#"{"device":"card","fault":"no-atr"}"#,
        r#"{"device":"card","fault":{"slow":{"millis":1500}}}"#,
        r#"{"device":"card","fault":{"power-lost":{"command":2}}}"#,
        r#"{"device":"card","fault":{"garbage":{"answer":1}}}"#,
        r#"{"device":"card","fault":{"spoiled":{"answer":1,"how":"checksum"}}}"#,
        r#"{"device":"card","fault":{"spoiled":{"answer":1,"how":"no-status"}}}"#,
        r#"{"device":"card","fault":{"tries-left":{"tries":1}}}"#,
        r#"{"device":"card","fault":"clear"}"#,
    ];
    for form in forms {
        let fault: Fault = serde_json::from_str(form).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(serde_json::to_string(&fault).unwrap(), form);
    }
    for form in [r#"{"device":"validator","fault":"fly"}"#, r#"{"device":"moon","fault":"reset"}"#] {
        assert!(serde_json::from_str::<Fault>(form).is_err(), "{form}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_snapshot_is_plain_json_with_values_as_keys() {
    let bus = CashBus::new(simulators::cctalk::CashConfig::default());
    bus.insert_coin(200);
    bus.wait_until_still().await;
    let json = serde_json::to_value(bus.snapshot()).unwrap();
    assert_eq!(json["tray"]["coins"]["200"], 1);
    assert_eq!(json["hoppers"][0]["coins"], 200);
    assert_eq!(json["validator"]["transport"], "empty");
}

#[test]
fn a_fault_of_a_device_that_is_not_there_is_an_error() {
    let bus = CashBus::new(simulators::cctalk::CashConfig::default());
    let nobody = r#"{"device":"hopper","fault":{"address":9,"what":"disabled"}}"#;
    let error = bus.fault(serde_json::from_str(nobody).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "there is no Hopper(9) on this bus; see its configuration");
}
