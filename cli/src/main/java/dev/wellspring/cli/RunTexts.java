package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.Document;
import dev.wellspring.queries.corpus.DocumentReader;
import dev.wellspring.queries.token.Chunk;
import dev.wellspring.queries.token.ChunkReader;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.TokenisedCorpus;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The texts of the documents that a run was made from, one in memory at a time.
final class RunTexts implements Iterator<RunTexts.Text>, AutoCloseable {
    /// What to say of texts that are not checked.
    static final String UNCHECKED =
            "the run was made from a store: whether these are its documents is known by their ids only";

    /// The text of a document or of a part of it, which is made when somebody asks for it.
    ///
    /// @param part the number of the chunk, from 0
    /// @param chunk (T) the ids of its tokens; null where no tokenizer is there to split documents
    /// @param content its text
    record Text(String document, int part, int @Nullable [] chunk, Supplier<String> content) {
        boolean isOf(String id, int number) {
            return part == number && document.equals(id);
        }

        /// Whether it is what the run calls a part: all that is not a whole document as it stands in its file.
        boolean isPart() {
            return chunk != null;
        }

        /// How many tokens it has, or 0 where nobody knows.
        int tokens() {
            return chunk == null ? 0 : chunk.length;
        }

        String text() {
            return content.get();
        }
    }

    private final boolean checked;
    private final Iterator<Text> texts;
    private final @Nullable Tokenizer tokenizer;
    private final AutoCloseable reader;

    private RunTexts(boolean checked, Iterator<Text> texts, @Nullable Tokenizer tokenizer, AutoCloseable reader) {
        this.checked = checked;
        this.texts = texts;
        this.tokenizer = tokenizer;
        this.reader = reader;
    }

    /// @param model whose tokenizer says where documents are split, if any is
    /// @throws RunRefusedException when these are not the documents, or the model, of the run
    static RunTexts open(List<Path> files, @Nullable Path model, Manifest manifest) throws IOException {
        Corpus corpus = Corpus.of(files);
        String expected = manifest.inputs().get("documents");
        if (expected != null) {
            require("--documents", "documents", expected, corpus.digest());
        }
        if (model == null) {
            DocumentReader reader = corpus.open();
            return new RunTexts(expected != null, whole(reader), null, reader);
        }
        DecoderConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            require("--model", "model", manifest.inputs().get("model"), checkpoint.digest());
            config = DecoderConfig.read(checkpoint.config());
        }
        Tokenizer tokenizer = Tokenizer.open(model);
        var tokenisation = new Tokenisation(FinishedScores.longestChunk(manifest), config.vocabulary(), false);
        ChunkReader reader = new TokenisedCorpus(corpus, tokenizer, tokenisation).open();
        return new RunTexts(expected != null, chunks(reader, tokenizer), tokenizer, reader);
    }

    private static void require(String option, String input, @Nullable String expected, String found) {
        if (!Objects.equals(expected, found)) {
            throw new RunRefusedException(option + ": expected the " + input
                    + " of the run, found another by content; give what the run was made from");
        }
    }

    private static Iterator<Text> whole(DocumentReader reader) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Text next() {
                Document document = reader.next();
                return new Text(document.id(), 0, null, () -> text(document));
            }
        };
    }

    private static String text(Document document) {
        Document.Prompt prompt = document.prompt();
        String before = prompt == null ? "" : prompt.text();
        String text = document.text();
        if (before == null || text == null) {
            throw new BadInputException("--model: expected the checkpoint of the run, as " + document.origin()
                    + " is given as token ids, found none; its tokenizer says what they spell");
        }
        return before + text;
    }

    private static Iterator<Text> chunks(ChunkReader reader, Tokenizer tokenizer) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Text next() {
                Chunk chunk = reader.next();
                int[] tokens = chunk.tokens();
                return new Text(chunk.document(), chunk.part() - 1, tokens, () -> tokenizer.decode(tokens));
            }
        };
    }

    /// Whether the run knows the digest of its documents; one that was made from a store does not.
    boolean isChecked() {
        return checked;
    }

    /// (T) what each token of a text spells, special ones included.
    List<String> pieces(Text text) {
        if (tokenizer == null || text.chunk() == null) {
            throw new IllegalStateException("text: expected a tokenizer, as tokens are asked for, found none");
        }
        return tokenizer.display(text.chunk());
    }

    @Override
    public boolean hasNext() {
        return texts.hasNext();
    }

    @Override
    public Text next() {
        return texts.next();
    }

    @Override
    public void close() {
        try (Tokenizer _ = tokenizer;
                AutoCloseable _ = reader) {
            // both are closed, the reader first
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException("texts: " + impossible.getMessage(), impossible);
        }
    }
}
