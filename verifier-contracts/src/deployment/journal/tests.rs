use super::*;

fn subject(fee: &str) -> Subject {
    let settings = [("fee_bps".to_owned(), fee.to_owned())].into();
    Subject { chain_id: 5, deployer: Address::ZERO, settings }
}

/// A journal with one step done and one under way.
fn begun(path: &Path) {
    let mut journal = Journal::open(path, &subject("1")).unwrap();
    journal.sending("a", 0, Some(Address::ZERO)).unwrap();
    journal.done("a", None).unwrap();
    journal.sending("b", 1, None).unwrap();
}

#[test]
fn steps_are_there_again_when_a_journal_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    begun(&path);
    let journal = Journal::open(&path, &subject("1")).unwrap();
    assert_eq!(journal.step("a"), Step { contract: Some(Address::ZERO), done: true });
    assert_eq!(journal.step("b"), Step { contract: None, done: false });
    assert_eq!(journal.step("c"), Step::default());
}

#[test]
fn wherever_a_kill_cuts_the_file_it_opens_with_the_lines_that_were_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    begun(&path);
    let whole = std::fs::read(&path).unwrap();
    for cut in 0..=whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let mut journal = Journal::open(&path, &subject("1")).unwrap();
        let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(journal.step("a").done, lines >= 3);
        journal.done("d", None).unwrap();
        drop(journal);
        assert!(Journal::open(&path, &subject("1")).unwrap().step("d").done);
    }
}

#[test]
fn another_deployment_is_refused_by_what_differs_once_something_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    // Nothing was sent: whoever corrects a setting just begins again.
    drop(Journal::open(&path, &subject("2")).unwrap());
    begun(&path);
    let text = Journal::open(&path, &subject("3")).unwrap_err().to_string();
    assert!(text.contains("fee_bps = 1") && text.contains("fee_bps = 3"), "{text}");
    let elsewhere = Subject { chain_id: 6, ..subject("1") };
    let text = Journal::open(&path, &elsewhere).unwrap_err().to_string();
    assert!(text.contains("chain = 5") && text.contains("chain = 6"), "{text}");
    let fewer = Subject { settings: BTreeMap::new(), ..subject("1") };
    let text = Journal::open(&path, &fewer).unwrap_err().to_string();
    assert!(text.contains("now fee_bps = nothing"), "{text}");
    assert!(Journal::open(&path, &subject("1")).unwrap().is_begun());
}

#[test]
fn two_deployments_do_not_share_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let first = Journal::open(&path, &subject("1")).unwrap();
    let second = Journal::open(&path, &subject("1")).unwrap_err();
    assert!(matches!(second, JournalError::InUse { .. }), "{second}");
    drop(first);
    Journal::open(&path, &subject("1")).unwrap();
}

#[test]
fn a_file_that_is_no_journal_is_left_alone_and_its_line_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for text in
        ["something\n", "{\"line\":\"done\",\"step\":\"a\",\"transaction\":null,\"gas\":null}\n"]
    {
        std::fs::write(&path, text).unwrap();
        let error = Journal::open(&path, &subject("1")).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    let missing = folder.path().join("nowhere/journal");
    let error = Journal::open(&missing, &subject("1")).unwrap_err();
    assert!(error.to_string().contains("could not open"), "{error}");
}
