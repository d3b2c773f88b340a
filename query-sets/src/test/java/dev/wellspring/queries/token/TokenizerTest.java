package dev.wellspring.queries.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final String STRANGE = "naïve λ 漢字 👩‍🚀 \u0000 tab\tend\n";

    @TempDir
    Path folder;

    @Test
    void nothingIsCutOffOrPadded() throws IOException {
        String json = Files.readString(Golden.folder("llama").resolve("tokenizer.json"))
                .replaceFirst(
                        "\"truncation\":\\s*null",
                        "\"truncation\":{\"direction\":\"Right\",\"max_length\":9,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replaceFirst(
                        "\"padding\":\\s*null",
                        "\"padding\":{\"strategy\":{\"Fixed\":12},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<|end|>\"}");
        assertThat(json).contains("max_length").contains("Fixed");
        Files.writeString(folder.resolve("tokenizer.json"), json);
        for (Path directory : List.of(folder, Golden.folder("llama"))) {
            try (Tokenizer tokenizer = Tokenizer.open(directory)) {
                String text = "~".repeat(2000);
                assertThat(tokenizer.encode(text, true)).hasSize(2001);
                assertThat(tokenizer.encode(text, false)).hasSize(2000);
                assertThat(tokenizer.encode(List.of("x", text), true))
                        .extracting(ids -> ids.length)
                        .containsExactly(2, 2001);
            }
        }
    }

    @Test
    void everyCharacterSurvivesTheRoundTrip() {
        try (Tokenizer tokenizer = Tokenizer.open(Golden.folder("gpt2"))) {
            int[] ids = tokenizer.encode(STRANGE, true);
            assertThat(tokenizer.decode(ids)).isEqualTo(STRANGE);
            List<String> shown = tokenizer.display(ids);
            assertThat(shown).hasSize(ids.length).contains("λ", "");
            assertThat(String.join("", shown)).isEqualTo(STRANGE);
        }
    }

    @Test
    void specialTokensAreShownButNotDecoded() {
        try (Tokenizer tokenizer = Tokenizer.open(Golden.folder("llama"))) {
            int[] ids = tokenizer.encode("The river", true);
            assertThat(tokenizer.display(ids).getFirst()).isEqualTo("<|begin|>");
            assertThat(String.join("", tokenizer.display(ids))).isEqualTo("<|begin|>The river");
            assertThat(tokenizer.decode(ids)).isEqualTo("The river");
        }
    }

    @Test
    void halfACharacterIsShownAtTheEnd() {
        try (Tokenizer tokenizer = Tokenizer.open(Golden.folder("gpt2"))) {
            int[] ids = tokenizer.encode("漢", false);
            assertThat(ids).hasSizeGreaterThan(1);
            assertThat(tokenizer.display(new int[] {ids[0]})).containsExactly("\uFFFD");
        }
    }

    @Test
    void theVocabularyIsCountedInBothOfItsForms() throws IOException {
        Path unigram = Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [{"id": 5, "content": "<x>", "special": true}],
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0]]}}
                """);
        assertThat(VocabularySize.of(unigram)).isEqualTo(6);
        assertThat(VocabularySize.of(Golden.folder("gpt2").resolve("tokenizer.json")))
                .isEqualTo(Golden.VOCABULARY);
    }

    @Test
    void aMissingTokenizerOnlyMattersWhenItIsNeeded() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.isPresent()).isFalse();
            assertThatThrownBy(() -> tokenizer.encode("text", true))
                    .isInstanceOf(CorpusException.class)
                    .hasMessage(folder.resolve("tokenizer.json")
                            + ": expected the model's tokenizer, as there is text to tokenise, found no such file; "
                            + "copy it from the model's repository, or give token ids in place of text");
        }
    }

    @Test
    void aFileThatIsNoTokenizerIsNamed() throws IOException {
        for (String text : List.of("not json", "{}", "{\"model\": {\"vocab\": {\"a\": ", "")) {
            Files.writeString(folder.resolve("tokenizer.json"), text);
            assertThatThrownBy(() -> Tokenizer.open(folder))
                    .as(text)
                    .isInstanceOf(CorpusException.class)
                    .message()
                    .startsWith(folder.resolve("tokenizer.json") + ": expected a tokenizer")
                    .doesNotContain("\n");
        }
    }

    @Test
    void aTokenizerThatCannotBeReadIsNamed() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, new byte[] {'{', '"', (byte) 0xFC, '"', ':', '1', '}'});
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith(file + ": expected a tokenizer")
                .hasMessageContaining("UTF-8");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith(file + ": expected a file that can be read, found FileNotFoundException (")
                .hasMessageEndingWith("; check its permissions and its disk");
    }
}
