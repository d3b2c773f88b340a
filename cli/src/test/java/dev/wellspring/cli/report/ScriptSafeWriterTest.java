package dev.wellspring.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptSafeWriterTest {
    @Test
    void markupAndLineSeparatorsAreEscaped() throws IOException {
        assertThat(written("a</script>&\u2028\u2029b")).isEqualTo("a\\u003c/script\\u003e\\u0026\\u2028\\u2029b");
    }

    @Test
    void whatIsHarmlessStaysAsItIs() throws IOException {
        assertThat(written("ä€ \"quoted\" \\n 😀 \u202e")).isEqualTo("ä€ \"quoted\" \\n 😀 \u202e");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void pairsStayWholeAndHalvesAreEscapedWhereverTheTextIsCut(int piece) throws IOException {
        String text = "x\ud83d\ude00y\ud83dz\ude00\ud83d\ud83d\ude00\ud83d";
        var out = new StringWriter();
        try (var safe = new ScriptSafeWriter(out)) {
            for (int from = 0; from < text.length(); from += piece) {
                safe.write(text, from, Math.min(piece, text.length() - from));
            }
        }
        assertThat(out).hasToString("x\ud83d\ude00y\\ud83dz\\ude00\\ud83d\ud83d\ude00\\ud83d");
    }

    private static String written(String text) throws IOException {
        var out = new StringWriter();
        try (var safe = new ScriptSafeWriter(out)) {
            safe.write(text);
        }
        return out.toString();
    }
}
