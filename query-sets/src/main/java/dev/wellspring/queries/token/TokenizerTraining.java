package dev.wellspring.queries.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Trains a byte-level tokenizer on texts: add them, then [#train]. The same texts in any order give the same
/// tokenizer. Memory grows with the number of different words.
public final class TokenizerTraining {
    /// The token between documents, with id 0.
    public static final String END_OF_TEXT = "<|endoftext|>";

    /// How GPT-2 cuts text into words.
    private static final Pattern WORD =
            Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    private final NumberTokens numbers;
    private final Pattern isolated;
    private final Map<String, Long> words = new TreeMap<>();

    /// @param numbers how numbers are cut
    public TokenizerTraining(NumberTokens numbers) {
        this.numbers = numbers;
        this.isolated = Pattern.compile(numbers.isolated());
    }

    /// Counts the words of a text.
    public void add(String text) {
        Matcher cut = isolated.matcher(text);
        int start = 0;
        while (cut.find()) {
            addWords(text.substring(start, cut.start()));
            start = cut.end();
        }
        addWords(text.substring(start));
    }

    /// Merges until the vocabulary has a size, or no pair occurs twice.
    ///
    /// @param vocabularySize all tokens together
    /// @param largestNumber the largest number with a token of its own; only for [NumberTokens#WHOLE]
    /// @throws IllegalArgumentException if the vocabulary is too small for the bytes and numbers
    public TrainedTokenizer train(int vocabularySize, int largestNumber) {
        var alphabet = new ByteAlphabet();
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        vocabulary.put(END_OF_TEXT, 0);
        for (int value = 0; value < 256; value++) {
            vocabulary.put(alphabet.of(value), vocabulary.size());
        }
        for (int number = 10; numbers == NumberTokens.WHOLE && number <= largestNumber; number++) {
            vocabulary.put(Integer.toString(number), vocabulary.size());
        }
        if (vocabularySize < vocabulary.size()) {
            throw new IllegalArgumentException(
                    "vocabularySize: expected at least " + vocabulary.size() + ", got " + vocabularySize);
        }
        List<String> merges = merge(vocabulary, vocabularySize, alphabet);
        return new TrainedTokenizer(numbers, vocabulary, merges);
    }

    private void addWords(String text) {
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.merge(word.group(), 1L, Long::sum);
        }
    }

    private List<String> merge(Map<String, Integer> vocabulary, int size, ByteAlphabet alphabet) {
        List<String> tokens = new ArrayList<>(vocabulary.keySet());
        var pairs = new BytePairs();
        words.forEach((word, count) -> {
            int[] symbols = alphabet.of(word)
                    .chars()
                    .map(c -> vocabulary.get(Character.toString(c)))
                    .toArray();
            pairs.add(symbols, count);
        });
        List<String> merges = new ArrayList<>();
        BytePairs.Pair pair = pairs.best();
        while (tokens.size() < size && pair != null) {
            String left = tokens.get(pair.left());
            String right = tokens.get(pair.right());
            Integer known = vocabulary.get(left + right);
            int symbol = known == null ? tokens.size() : known;
            if (known == null) {
                tokens.add(left + right);
                vocabulary.put(left + right, symbol);
            }
            merges.add(left + " " + right);
            pairs.merge(pair, symbol);
            pair = pairs.best();
        }
        return List.copyOf(merges);
    }
}
