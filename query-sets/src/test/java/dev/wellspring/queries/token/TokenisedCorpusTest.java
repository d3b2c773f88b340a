package dev.wellspring.queries.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.CorpusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenisedCorpusTest {
    @TempDir
    Path folder;

    private Tokenizer llama;
    private Tokenizer none;

    @BeforeEach
    void openTokenizers() {
        llama = Tokenizer.open(Golden.folder("llama"));
        none = Tokenizer.open(folder);
    }

    @AfterEach
    void closeTokenizers() {
        llama.close();
        none.close();
    }

    @Test
    void aLongDocumentBecomesNumberedChunks() throws IOException {
        String text = "The river near Harrow is wide, and Wendal lies to the north of it.";
        List<Chunk> chunks =
                read(corpus("{\"id\": \"d\", \"source\": \"s\", \"n\": 1, \"text\": \"" + text + "\"}"), 10);
        int[] whole = llama.encode(text, true);
        assertThat(chunks).hasSize(Math.ceilDiv(whole.length - 1, 9));
        assertThat(chunks).extracting(Chunk::id).startsWith("d#1", "d#2", "d#3");
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.parts()).isEqualTo(chunks.size());
            assertThat(chunk.source()).isEqualTo("s");
            assertThat(chunk.extras()).isEqualTo("{\"n\":1}");
            assertThat(chunk.origin()).isEqualTo("a.jsonl:1");
        });
        assertThat(chunks.get(0).preview()).isEqualTo(text);
        assertThat(chunks.get(1).preview()).isEqualTo(llama.decode(chunks.get(1).tokens()));
        assertThat(chunks.get(1).tokens()).isEqualTo(Arrays.copyOfRange(whole, 9, 19));
    }

    @Test
    void idsAreUsedWhereTextIsThereToo() throws IOException {
        List<Chunk> chunks = read(corpus("{\"text\": \"The river\", \"tokens\": [5, 6, 7]}"), 512);
        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst().tokens()).containsExactly(5, 6, 7);
        assertThat(chunks.getFirst().id()).isEqualTo("a.jsonl:1");
        assertThat(chunks.getFirst().preview()).isEqualTo("The river");
    }

    /// Tokenised apart, the prompt with the model's special tokens and the completion without, as queries are.
    @Test
    void aPromptIsReadButNotPredicted() throws IOException {
        Corpus corpus = corpus(
                "{\"id\": \"d\", \"n\": 1, \"prompt\": \"The river is\", \"completion\": \" wide\"}",
                "{\"text\": \"The river\", \"prompt\": \"kept as a column\"}",
                "{\"prompt\": \"x\", \"completion\": \"y\", \"prompt_tokens\": [4, 5, 6], \"completion_tokens\": [7, 8]}",
                "{\"prompt\": \"The river\", \"completion\": \"\"}",
                "{\"prompt_tokens\": [4, 5], \"completion_tokens\": []}");
        int[] prompt = llama.encode("The river is", true);
        int[] completion = llama.encode(" wide", false);
        try (ChunkReader reader = new TokenisedCorpus(corpus, llama, Tokenisation.of(Golden.VOCABULARY)).open()) {
            Chunk first = reader.next();
            assertThat(first.tokens())
                    .startsWith(prompt)
                    .endsWith(completion)
                    .hasSize(prompt.length + completion.length);
            assertThat(first.lossStart()).isEqualTo(prompt.length - 1);
            assertThat(first.preview()).isEqualTo("The river is wide");
            assertThat(first.extras()).isEqualTo("{\"n\":1}");
            Chunk text = reader.next();
            assertThat(text.lossStart()).isZero();
            assertThat(text.extras()).isEqualTo("{\"prompt\":\"kept as a column\"}");
            Chunk ids = reader.next();
            assertThat(ids.tokens()).containsExactly(4, 5, 6, 7, 8);
            assertThat(ids.lossStart()).isEqualTo(2);
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.tally().skipped().get(SkipReason.EMPTY))
                    .isEqualTo(new Tally.Skipped(2, List.of("a.jsonl:4", "a.jsonl:5")));
        }
    }

    @Test
    void aPromptIsNeverCutFromItsCompletion() throws IOException {
        Corpus corpus = corpus("{\"prompt_tokens\": [4, 5, 6], \"completion_tokens\": [7, 8]}");
        assertThatThrownBy(() -> read(new TokenisedCorpus(corpus, none, new Tokenisation(4, 9, false))))
                .isInstanceOf(CorpusException.class)
                .hasMessage("a.jsonl:1: expected at most 4 tokens of prompt and completion together, found 5 tokens;"
                        + " raise --max-tokens, or shorten the prompt");
    }

    @Test
    void idsNeedNoTokenizer() throws IOException {
        Corpus corpus = corpus("{\"tokens\": [5, 6, 7, 8]}");
        List<Chunk> chunks = read(new TokenisedCorpus(corpus, none, new Tokenisation(3, 9, false)));
        assertThat(chunks).extracting(Chunk::preview).containsExactly("", "");
        assertThat(chunks).extracting(chunk -> chunk.tokens().length).containsExactly(3, 2);
        TokenisedCorpus text = new TokenisedCorpus(corpus("{\"text\": \"x\"}"), none, Tokenisation.of(9));
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": expected the model's tokenizer");
    }

    @Test
    void documentsThatPredictNothingAreCountedByReason() throws IOException {
        Corpus corpus = corpus(
                "{\"text\": \"\"}",
                "{\"text\": \"The river\"}",
                "{\"tokens\": []}",
                "{\"tokens\": [4]}",
                "{\"text\": \"\", \"tokens\": [4]}");
        try (ChunkReader reader = new TokenisedCorpus(corpus, llama, Tokenisation.of(Golden.VOCABULARY)).open()) {
            assertThat(reader.next().origin()).isEqualTo("a.jsonl:2");
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.tally().total()).isEqualTo(4);
            assertThat(reader.tally().skipped())
                    .containsEntry(SkipReason.EMPTY, new Tally.Skipped(2, List.of("a.jsonl:1", "a.jsonl:3")))
                    .containsEntry(SkipReason.ONE_TOKEN, new Tally.Skipped(2, List.of("a.jsonl:4", "a.jsonl:5")));
            assertThat(reader.tally().summary())
                    .isEqualTo("4 documents skipped: 2 empty (a.jsonl:1, a.jsonl:3), "
                            + "2 of one token (a.jsonl:4, a.jsonl:5)");
        }
    }

    @Test
    void theTallyRemembersTheFirstFive() {
        Tally tally = new Tally();
        assertThat(tally.summary()).isEqualTo("no documents skipped");
        for (int line = 1; line <= 7; line++) {
            tally.add(SkipReason.EMPTY, "a:" + line);
        }
        assertThat(tally.summary()).isEqualTo("7 documents skipped: 7 empty (a:1, a:2, a:3, a:4, a:5, …)");
    }

    @Test
    void strictlyADocumentThatPredictsNothingIsAnError() throws IOException {
        for (String line : List.of("{\"text\": \"\"}", "{\"tokens\": [3]}")) {
            TokenisedCorpus strict = new TokenisedCorpus(corpus(line), llama, new Tokenisation(8, 384, true));
            assertThatThrownBy(() -> read(strict))
                    .isInstanceOf(CorpusException.class)
                    .hasMessageMatching("a.jsonl:1: expected a document of at least two tokens, "
                            + "found one that is (empty|of one token); "
                            + "remove it, or let such documents be skipped and counted");
        }
    }

    @Test
    void idsOutsideTheModelsVocabularyAreErrors() throws IOException {
        TokenisedCorpus given = new TokenisedCorpus(corpus("{\"tokens\": [1, 384]}"), llama, Tokenisation.of(384));
        assertThatThrownBy(() -> read(given))
                .isInstanceOf(CorpusException.class)
                .hasMessage("a.jsonl:1:tokens: expected ids from 0 to 383 (vocab_size in the model's config.json), "
                        + "found 384 at index 1; give the ids of this model's tokenizer");
        TokenisedCorpus text = new TokenisedCorpus(corpus("{\"text\": \"is the\"}"), llama, Tokenisation.of(200));
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CorpusException.class)
                .hasMessageMatching("a.jsonl:1:text: expected ids from 0 to 199 "
                        + "\\(vocab_size in the model's config.json\\), found the id \\d+ from .*tokenizer.json; "
                        + "use the tokenizer that the model was trained with");
    }

    @Test
    void goingOnGivesTheTailOfTheUndisturbedStream() throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            lines.add("{\"text\": \"" + "river ".repeat(random.nextInt(12)) + "\"}");
        }
        TokenisedCorpus corpus =
                new TokenisedCorpus(corpus(lines.toArray(String[]::new)), llama, new Tokenisation(7, 384, false));
        List<String> all = new ArrayList<>();
        List<Position> positions = new ArrayList<>();
        List<Long> skippedBefore = new ArrayList<>();
        long skipped;
        try (ChunkReader reader = corpus.open()) {
            do {
                positions.add(reader.position());
                skippedBefore.add(reader.tally().total());
                if (reader.hasNext()) {
                    all.add(describe(reader.next()));
                }
            } while (positions.size() == all.size());
            skipped = reader.tally().total();
        }
        assertThat(all).hasSizeGreaterThan(200);
        assertThat(skipped).isPositive();
        for (int at = 0; at <= all.size(); at += 7) {
            try (ChunkReader bySkip = corpus.open(at);
                    ChunkReader byPosition = corpus.open(positions.get(at))) {
                assertThat(rest(bySkip)).isEqualTo(all.subList(at, all.size()));
                assertThat(rest(byPosition)).isEqualTo(all.subList(at, all.size()));
                assertThat(bySkip.tally().total()).isEqualTo(skipped);
                assertThat(byPosition.tally().total()).isEqualTo(skipped - skippedBefore.get(at));
            }
        }
        assertThatThrownBy(() -> corpus.open(all.size() + 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at most " + all.size());
    }

    private Corpus corpus(String... lines) throws IOException {
        return Corpus.of(List.of(Files.write(folder.resolve("a.jsonl"), List.of(lines))));
    }

    private List<Chunk> read(Corpus corpus, int maxTokens) {
        return read(new TokenisedCorpus(corpus, llama, new Tokenisation(maxTokens, Golden.VOCABULARY, false)));
    }

    private static List<Chunk> read(TokenisedCorpus corpus) {
        List<Chunk> chunks = new ArrayList<>();
        try (ChunkReader reader = corpus.open()) {
            reader.forEachRemaining(chunks::add);
        }
        return chunks;
    }

    private static List<String> rest(ChunkReader reader) {
        List<String> chunks = new ArrayList<>();
        reader.forEachRemaining(chunk -> chunks.add(describe(chunk)));
        return chunks;
    }

    private static String describe(Chunk chunk) {
        return chunk.id() + " of " + chunk.parts() + " " + Arrays.toString(chunk.tokens()) + " " + chunk.preview();
    }
}
