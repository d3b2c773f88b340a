package dev.wellspring.queries.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.wellspring.queries.corpus.CorpusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tokenizer of a checkpoint, as its `tokenizer.json` says, with two exceptions: nothing is ever cut off
/// and nothing is ever padded.
///
/// A folder without that file gives a tokenizer too, one that throws when it is needed: whoever brings token
/// ids needs none. Safe for use by several threads at once; close it after the last of them. One call on a list
/// uses all cores.
///
/// Opening the first one sets two system properties of the library, unless they are set:
/// `OPT_OUT_TRACKING=true`, so that it does not report its use, and `ai.djl.offline=true`, so that it does not
/// download anything. The library unpacks its native code (15 MB) once into `~/.djl.ai`, or where the
/// environment variable `DJL_CACHE_DIR` says.
public final class Tokenizer implements AutoCloseable {
    private final Path file;
    private final @Nullable HuggingFaceTokenizer library;
    private final int vocabularySize;

    private Tokenizer(Path file, @Nullable HuggingFaceTokenizer library, int vocabularySize) {
        this.file = file;
        this.library = library;
        this.vocabularySize = vocabularySize;
    }

    /// Opens `tokenizer.json` in a model's folder, if it is there.
    ///
    /// @throws CorpusException if the file is not a tokenizer
    public static Tokenizer open(Path modelDirectory) {
        Path file = modelDirectory.resolve("tokenizer.json");
        if (!Files.exists(file)) {
            return new Tokenizer(file, null, 0);
        }
        setUnlessSet("OPT_OUT_TRACKING");
        setUnlessSet("ai.djl.offline");
        try {
            int size = VocabularySize.of(file);
            return new Tokenizer(
                    file,
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optTruncation(false)
                            .optPadding(false)
                            .build(),
                    size);
        } catch (JsonProcessingException | RuntimeException e) { // the library throws plain RuntimeExceptions
            throw CorpusException.at(
                    file.toString(),
                    "a tokenizer in the form of Hugging Face's tokenizers",
                    "something else: " + e.getMessage(),
                    "copy it again from the model's repository",
                    e);
        } catch (IOException e) {
            throw CorpusException.unreadable(file.toString(), e);
        }
    }

    private static void setUnlessSet(String property) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, "true");
        }
    }

    /// The file, whether or not it is there.
    public Path file() {
        return file;
    }

    /// Whether there is a tokenizer: if not, only token ids can be worked with.
    public boolean isPresent() {
        return library != null;
    }

    /// One more than the largest id it can give, added tokens included.
    ///
    /// @throws CorpusException if there is no tokenizer
    public int vocabularySize() {
        library();
        return vocabularySize;
    }

    /// The ids of a text, however many.
    ///
    /// @param addSpecialTokens whether to add what the model expects around a text, such as a first token
    /// @throws CorpusException if there is no tokenizer
    public int[] encode(String text, boolean addSpecialTokens) {
        return ids(library().encode(text, addSpecialTokens, false));
    }

    /// The ids of each text, on all cores.
    ///
    /// @throws CorpusException if there is no tokenizer
    public List<int[]> encode(List<String> texts, boolean addSpecialTokens) {
        return Arrays.stream(library().batchEncode(texts, addSpecialTokens, false))
                .map(Tokenizer::ids)
                .toList();
    }

    /// The text of token ids, without special tokens. Ids outside the vocabulary stand for nothing.
    ///
    /// @throws CorpusException if there is no tokenizer
    public String decode(int[] tokens) {
        return decode(tokens, true);
    }

    /// The text of each token, special ones included; together they are the text of all. A character that several
    /// tokens spell stands with the last of them, and the others are empty.
    ///
    /// Text depends on the tokens before it, so each is the difference between two short stretches.
    ///
    /// @throws CorpusException if there is no tokenizer
    public List<String> display(int[] tokens) {
        List<String> shown = new ArrayList<>(tokens.length);
        int start = 0;
        int known = 0;
        for (int i = 0; i < tokens.length; i++) {
            String before = decode(Arrays.copyOfRange(tokens, start, known), false);
            String now = decode(Arrays.copyOfRange(tokens, start, i + 1), false);
            boolean whole = i + 1 == tokens.length || !now.endsWith("\uFFFD");
            if (whole && now.length() > before.length()) {
                shown.add(now.substring(before.length()));
                start = known;
                known = i + 1;
            } else {
                shown.add("");
            }
        }
        return List.copyOf(shown);
    }

    @Override
    public void close() {
        if (library != null) {
            library.close();
        }
    }

    private String decode(int[] tokens, boolean skipSpecialTokens) {
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        return library().decode(ids, skipSpecialTokens);
    }

    private HuggingFaceTokenizer library() {
        if (library == null) {
            throw CorpusException.at(
                    file.toString(),
                    "the model's tokenizer, as there is text to tokenise",
                    "no such file",
                    "copy it from the model's repository, or give token ids in place of text");
        }
        return library;
    }

    private static int[] ids(Encoding encoding) {
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }
}
