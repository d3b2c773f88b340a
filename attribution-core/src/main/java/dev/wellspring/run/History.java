package dev.wellspring.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Lines of `history.jsonl`: what happened when and on what. Nothing in a result depends on them.
final class History {
    private History() {}

    static String event(String stage, String what, RunContext context) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("stage", stage);
        line.put("event", what);
        line.put("backend", context.algebra().description());
        line.put("java", Runtime.version().toString());
        return line.toString();
    }
}
