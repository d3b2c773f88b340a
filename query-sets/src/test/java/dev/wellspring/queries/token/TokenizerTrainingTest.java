package dev.wellspring.queries.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenizerTrainingTest {
    private static final int VOCABULARY = 1500;
    private static final int LARGEST = 999;

    @TempDir
    private Path folder;

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (DocumentFamily family : DocumentFamilies.all()) {
            Map<String, String> small = family.name().equals("plans") ? Map.of("blocks", "3") : Map.of();
            Documents documents = family.documents(6, family.describe().parameters(small));
            for (int i = 0; i < 100; i++) {
                texts.add(documents.at(i).text());
            }
        }
        return texts;
    }

    private static TrainedTokenizer train(NumberTokens numbers, List<String> texts) {
        var training = new TokenizerTraining(numbers);
        texts.forEach(training::add);
        return training.train(VOCABULARY, LARGEST);
    }

    @ParameterizedTest
    @EnumSource(NumberTokens.class)
    void theLibraryLoadsItAndEveryGeneratedTextComesBack(NumberTokens numbers) throws Exception {
        List<String> texts = texts();
        TrainedTokenizer trained = train(numbers, texts);
        trained.write(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(trained.vocabulary().size())
                    .isBetween(1300, VOCABULARY);
            for (String text : texts) {
                assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
            }
            String strange = "  Zwölf Boxkämpfer\t\r\n\n 1234567 €½ 日本 \u0000 end ";
            assertThat(tokenizer.decode(tokenizer.encode(strange, false))).isEqualTo(strange);
        }
    }

    @Test
    void numbersAreCutAsDeclared() throws Exception {
        assertThat(cut(NumberTokens.WHOLE, "The sum 407+93=500")).endsWith("407", "+", "93", "=", "500");
        assertThat(cut(NumberTokens.WHOLE, "1000")).containsExactly("1", "0", "0", "0");
        assertThat(cut(NumberTokens.DIGITS, "407+93")).containsExactly("4", "0", "7", "+", "9", "3");
        assertThat(cut(NumberTokens.TEXT, "The capital of")).containsExactly("The", " capital", " of");
    }

    private List<String> cut(NumberTokens numbers, String text) throws Exception {
        train(numbers, texts()).write(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return tokenizer.display(tokenizer.encode(text, false));
        }
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() throws Exception {
        List<String> texts = texts();
        Path one = train(NumberTokens.TEXT, texts).write(Files.createDirectories(folder.resolve("one")));
        Path other = train(NumberTokens.TEXT, texts.reversed()).write(Files.createDirectories(folder.resolve("other")));
        assertThat(other).hasSameBinaryContentAs(one);
    }

    @Test
    void theMostFrequentPairIsMergedFirst() {
        var training = new TokenizerTraining(NumberTokens.TEXT);
        training.add("abab abab cd");
        assertThat(training.train(259, 0).merges()).containsExactly("a b", "ab ab");
    }

    @Test
    void aVocabularyWithoutRoomForTheBytesIsRefused() {
        var training = new TokenizerTraining(NumberTokens.WHOLE);
        assertThatThrownBy(() -> training.train(300, 99)).hasMessage("vocabularySize: expected at least 347, got 300");
    }
}
