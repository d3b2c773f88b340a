package dev.wellspring.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Apache ECharts, which draws a report's figures: its one file and its licence, out of the webjar.
final class ChartLibrary {
    private static final String VERSION = "5.3.1";
    private static final String HOME = "/META-INF/resources/webjars/echarts/" + VERSION + "/";

    private ChartLibrary() {}

    /// The script.
    static String script() {
        return read(HOME + "dist/echarts.min.js");
    }

    /// Who made it, and under which terms it may be handed on.
    static String licence() {
        return "The figures are drawn by Apache ECharts " + VERSION + ", which this file contains.\n\n"
                + read(HOME + "NOTICE") + "\n" + read(HOME + "LICENSE") + "\n" + read(HOME + "licenses/LICENSE-d3");
    }

    /// A text of the class path.
    static String read(String resource) {
        try (InputStream stream = ChartLibrary.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(resource + ": " + failure.getMessage(), failure);
        }
    }
}
