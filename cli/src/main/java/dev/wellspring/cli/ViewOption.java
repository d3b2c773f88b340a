package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// Mixin: results for people or for pipes.
final class ViewOption {
    /// How results are shown.
    enum View {
        TABLE,
        JSON
    }

    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, or json for pipes. Default: ${DEFAULT-VALUE}.")
    private View view = View.TABLE;

    /// Prints what was asked for; the other is not made.
    void show(PrintStream out, Runnable table, Supplier<Object> json) {
        switch (view) {
            case TABLE -> table.run();
            case JSON -> out.println(text(json.get()));
        }
    }

    private static String text(Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("json: " + e.getOriginalMessage(), e);
        }
    }
}
