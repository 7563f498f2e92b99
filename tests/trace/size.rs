//! What a trace takes in memory, and the figures of a published one where it is there.

use std::fmt::Write;

use super::{given, whole};

#[test]
fn a_request_takes_few_bytes() {
    const ROWS: usize = 200_000;
    let mut azure = String::from("TIMESTAMP,ContextTokens,GeneratedTokens\n");
    let mut own = String::from(
        "timestamp,model,scope,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds\n",
    );
    for row in 0..ROWS {
        let (minute, second) = (row / 60 % 60, row % 60);
        writeln!(azure, "2023-11-16 18:{minute:02}:{second:02}.9799600,{row},{}", row % 900)
            .expect("a String");
        writeln!(
            own,
            "{}.5,{},us,{row},1,2,3,64000,4200.125",
            (row * 31) % ROWS,
            if row % 2 == 0 { "haiku-4.5" } else { "sonnet-5" }
        )
        .expect("a String");
    }
    let azure = whole(azure, &given());
    assert_eq!((azure.len(), azure.heap_bytes()), (ROWS, 16 * ROWS));
    let own = whole(own, &given());
    assert_eq!((own.len(), own.heap_bytes()), (ROWS, 36 * ROWS));
    assert!(own.arrivals_microseconds().is_sorted());
}
