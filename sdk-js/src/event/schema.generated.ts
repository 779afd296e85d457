// Made by scripts/schema.mjs from contract/aibbar-event.schema.json.
/** The JSON Schema of the event, without its words for readers. */
export const EVENT_SCHEMA = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:gapin:schema:aibbar-event:1",
  "type": "object",
  "required": [
    "event_type",
    "ai_id",
    "ai_version",
    "timestamp",
    "metadata",
    "signature",
    "signature_algorithm"
  ],
  "additionalProperties": false,
  "properties": {
    "event_type": {
      "type": "string",
      "enum": [
        "ai.action",
        "ai.decision",
        "ai.error",
        "ai.query",
        "ai.response"
      ]
    },
    "ai_id": {
      "$ref": "#/$defs/uuid"
    },
    "ai_version": {
      "type": "string",
      "minLength": 1,
      "maxLength": 128
    },
    "timestamp": {
      "type": "string",
      "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
    },
    "action": {
      "$ref": "#/$defs/action"
    },
    "decision": {
      "$ref": "#/$defs/decision"
    },
    "error": {
      "$ref": "#/$defs/error"
    },
    "query": {
      "$ref": "#/$defs/query"
    },
    "response": {
      "$ref": "#/$defs/response"
    },
    "metadata": {
      "$ref": "#/$defs/metadata"
    },
    "event_id": {
      "type": "string",
      "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    },
    "sequence": {
      "$ref": "#/$defs/count"
    },
    "key_id": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
    },
    "signature": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
    },
    "signature_algorithm": {
      "type": "string",
      "enum": [
        "HMAC-SHA256"
      ]
    }
  },
  "allOf": [
    {
      "if": {
        "required": [
          "event_type"
        ],
        "properties": {
          "event_type": {
            "const": "ai.action"
          }
        }
      },
      "then": {
        "required": [
          "action"
        ]
      }
    },
    {
      "if": {
        "required": [
          "event_type"
        ],
        "properties": {
          "event_type": {
            "const": "ai.decision"
          }
        }
      },
      "then": {
        "required": [
          "decision"
        ]
      }
    },
    {
      "if": {
        "required": [
          "event_type"
        ],
        "properties": {
          "event_type": {
            "const": "ai.error"
          }
        }
      },
      "then": {
        "required": [
          "error"
        ]
      }
    }
  ],
  "$defs": {
    "uuid": {
      "type": "string",
      "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    },
    "count": {
      "type": "integer",
      "minimum": 0,
      "maximum": 9007199254740991
    },
    "duration_ms": {
      "type": "number",
      "minimum": 0
    },
    "action": {
      "type": "object",
      "required": [
        "function",
        "input",
        "output",
        "latency_ms",
        "model"
      ],
      "additionalProperties": false,
      "properties": {
        "function": {
          "type": "string"
        },
        "input": {},
        "output": {},
        "latency_ms": {
          "$ref": "#/$defs/duration_ms"
        },
        "model": {
          "type": "string"
        },
        "tokens_used": {
          "$ref": "#/$defs/count"
        }
      }
    },
    "decision": {
      "type": "object",
      "required": [
        "type",
        "logic",
        "options",
        "chosen",
        "confidence"
      ],
      "additionalProperties": false,
      "properties": {
        "type": {
          "type": "string"
        },
        "logic": {
          "type": "string"
        },
        "options": {
          "type": "array"
        },
        "chosen": {},
        "confidence": {
          "type": "number",
          "minimum": 0,
          "maximum": 1
        }
      }
    },
    "error": {
      "type": "object",
      "required": [
        "code",
        "message",
        "recoverable"
      ],
      "additionalProperties": false,
      "properties": {
        "code": {
          "type": "string"
        },
        "message": {
          "type": "string"
        },
        "stack": {
          "type": "string"
        },
        "recoverable": {
          "type": "boolean"
        }
      }
    },
    "query": {
      "type": "object",
      "anyOf": [
        {
          "required": [
            "messages"
          ]
        },
        {
          "required": [
            "prompt"
          ]
        }
      ],
      "additionalProperties": false,
      "properties": {
        "messages": {
          "type": "array"
        },
        "prompt": {
          "type": "string"
        },
        "model": {
          "type": "string"
        },
        "parameters": {}
      }
    },
    "response": {
      "type": "object",
      "required": [
        "output"
      ],
      "additionalProperties": false,
      "properties": {
        "output": {},
        "model": {
          "type": "string"
        },
        "finish_reason": {
          "type": "string"
        },
        "usage": {
          "type": "object",
          "required": [
            "input_tokens",
            "output_tokens"
          ],
          "additionalProperties": false,
          "properties": {
            "input_tokens": {
              "$ref": "#/$defs/count"
            },
            "output_tokens": {
              "$ref": "#/$defs/count"
            }
          }
        },
        "latency_ms": {
          "$ref": "#/$defs/duration_ms"
        }
      }
    },
    "metadata": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "user_id": {
          "type": "string"
        },
        "session_id": {
          "type": "string"
        },
        "request_id": {
          "type": "string"
        },
        "source_ip": {
          "type": "string"
        },
        "country": {
          "type": "string"
        },
        "region": {
          "type": "string"
        },
        "trace_id": {
          "type": "string"
        },
        "span_id": {
          "type": "string"
        },
        "labels": {
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
            "type": "string"
          }
        }
      }
    }
  }
} as const;
