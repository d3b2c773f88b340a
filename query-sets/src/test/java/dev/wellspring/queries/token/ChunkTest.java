package dev.wellspring.queries.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {
    @Test
    void everyTokenButTheFirstIsPredictedExactlyOnce() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            int[] tokens = random.ints(2 + random.nextInt(60)).toArray();
            int maxTokens = 2 + random.nextInt(20);
            int parts = Chunk.parts(tokens.length, maxTokens);
            int predicted = 1;
            for (int part = 1; part <= parts; part++) {
                int[] chunk = Chunk.slice(tokens, maxTokens, part);
                assertThat(chunk.length).as("seed %d", seed).isBetween(2, maxTokens);
                assertThat(chunk[0]).isEqualTo(tokens[predicted - 1]);
                assertThat(Arrays.copyOfRange(chunk, 1, chunk.length))
                        .isEqualTo(Arrays.copyOfRange(tokens, predicted, predicted + chunk.length - 1));
                predicted += chunk.length - 1;
            }
            assertThat(predicted).as("seed %d", seed).isEqualTo(tokens.length);
        }
    }

    @Test
    void aDocumentThatFitsIsOneChunk() {
        assertThat(Chunk.parts(2, 512)).isEqualTo(1);
        assertThat(Chunk.parts(512, 512)).isEqualTo(1);
        assertThat(Chunk.parts(513, 512)).isEqualTo(2);
        assertThat(Chunk.parts(Integer.MAX_VALUE, 2)).isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(Chunk.slice(new int[] {7, 8}, 512, 1)).containsExactly(7, 8);
    }

    @Test
    void aPreviewIsOneShortLine() {
        assertThat(Preview.line("a\n\tb\u0000c\u2028d\u007Fe")).isEqualTo("a  b c d e");
        assertThat(Preview.line("x".repeat(120))).isEqualTo("x".repeat(120));
        assertThat(Preview.line("x".repeat(121))).isEqualTo("x".repeat(120) + "…");
        assertThat(Preview.line("😀".repeat(120))).isEqualTo("😀".repeat(120));
        assertThat(Preview.line("😀".repeat(121))).isEqualTo("😀".repeat(120) + "…");
        assertThat(Preview.line("")).isEmpty();
    }
}
