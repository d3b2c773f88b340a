package dev.wellspring.queries.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A byte-level tokenizer, ready to be written as a `tokenizer.json`. Every text can be encoded, and decodes to
/// itself.
///
/// @param numbers how numbers are cut
/// @param vocabulary id by token, in the order of ids, from 0; tokens spell bytes in GPT-2's alphabet
/// @param merges pairs of tokens with a space between, the first to merge first
public record TrainedTokenizer(NumberTokens numbers, Map<String, Integer> vocabulary, List<String> merges) {
    /// Copies the collections, keeping their order.
    public TrainedTokenizer {
        vocabulary = Collections.unmodifiableMap(new LinkedHashMap<>(vocabulary));
        merges = List.copyOf(merges);
    }

    /// Writes `tokenizer.json` into a folder that exists.
    ///
    /// @return the file
    /// @throws IOException if it cannot be written
    public Path write(Path directory) throws IOException {
        return Files.writeString(directory.resolve("tokenizer.json"), json().toPrettyString() + "\n");
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        json.putArray("added_tokens")
                .addObject()
                .put("id", 0)
                .put("content", TokenizerTraining.END_OF_TEXT)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        json.putNull("normalizer").set("pre_tokenizer", preTokenizer());
        json.putNull("post_processor").set("decoder", byteLevel());
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", true); // so that a whole number is found without merges that lead to it
        ObjectNode tokens = model.putObject("vocab");
        vocabulary.forEach(tokens::put);
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pairs::add);
        return json;
    }

    private ObjectNode preTokenizer() {
        if (numbers == NumberTokens.TEXT) {
            return byteLevel();
        }
        ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        ArrayNode parts = sequence.putArray("pretokenizers");
        ObjectNode split = parts.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", numbers.isolated());
        split.put("behavior", "Isolated").put("invert", false);
        parts.add(byteLevel());
        return sequence;
    }

    private static ObjectNode byteLevel() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }
}
