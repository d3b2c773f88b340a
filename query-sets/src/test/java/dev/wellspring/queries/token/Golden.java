package dev.wellspring.queries.token;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The golden cases: for each model family a tokenizer, documents and queries, with text and the ids that Hugging
/// Face's tokenizers give for it.
final class Golden {
    static final int VOCABULARY = 384;

    private Golden() {}

    static Stream<String> cases() {
        return Stream.of("cohere", "gpt2", "llama", "mistral", "olmo2", "pythia", "qwen2", "qwen3");
    }

    static Path folder(String model) {
        try {
            return Path.of(
                    requireNonNull(Golden.class.getResource("/golden/" + model)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
