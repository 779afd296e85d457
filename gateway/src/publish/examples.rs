//! Messages for the API's document.

use serde_json::{Value, json};

/// With a key and headers.
pub(super) fn order() -> Value {
    json!({
        "topic": "orders", "key": "order-1029",
        "message": { "id": 1029, "items": ["book", "lamp"], "total": 42.5 },
        "headers": { "trace": "7f3c9a52" }, "timestamp": "2026-03-01T09:30:00.250+01:00",
    })
}

/// With nothing but what it needs.
pub(super) fn plain() -> Value {
    json!({ "topic": "orders", "message": "any JSON" })
}

/// In the JSON format of CloudEvents 1.0.
pub(super) fn cloud_event() -> Value {
    json!({
        "specversion": "1.0", "id": "1029", "source": "/shop/tokyo", "type": "com.example.order.paid",
        "time": "2026-03-01T09:30:00Z", "partitionkey": "order-1029", "datacontenttype": "application/json",
        "data": { "id": 1029, "total": 42.5 },
    })
}
