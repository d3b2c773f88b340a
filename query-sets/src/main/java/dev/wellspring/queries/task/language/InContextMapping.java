package dev.wellspring.queries.task.language;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The next pair of a list, under a mapping of the corpus or a new one, for a symbol shown before or not. A new
/// mapping at a symbol not shown can only be guessed: it is the control of the same list at a symbol shown.
public final class InContextMapping implements QueryFamily {
    private static final int COUNT = 10;
    private static final int SYMBOLS = 16;
    private static final int IN_USE = 8;
    private static final int PAIRS = 15;
    private static final Pattern SYMBOL = Pattern.compile("^\\s*([a-z])(?![\\p{L}\\p{N}])");

    @Override
    public String name() {
        return "in-context-mapping";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String part : List.of("stored-shown", "stored-unseen", "new-shown", "new-unseen")) {
            counts.put(part, COUNT);
        }
        return new FamilyDescription(
                "Whether a list is continued from the weights or from the list.",
                "Lu et al., 2309.01809, on in-context learning; lists under mappings",
                List.of(
                        Parameter.of("mappings", 64, "mappings in the corpus, such as lists"),
                        Parameter.of("count", COUNT, "lists of each kind"),
                        Parameter.of("mapping-seed", 0, "what the corpus draws its mappings with")),
                counts);
    }

    /// By list: a stored mapping at a symbol shown and at one not shown, then a new mapping likewise.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        int stored = parameters.integer("mappings", 1, 1_000_000);
        int count = parameters.integer("count", 1, 1_000_000);
        Mappings mappings = new Mappings(parameters.integer("mapping-seed", 0, Integer.MAX_VALUE), SYMBOLS);
        return IntStream.range(0, count).boxed().flatMap(index -> {
            SplittableRandom random = new SplittableRandom(seed ^ index * 0x9E3779B97F4A7C15L);
            List<Integer> drawn = mappings.draw(IN_USE, PAIRS, random);
            int known = random.nextInt(stored);
            int shown = drawn.get(random.nextInt(drawn.size()));
            int unseen = Shuffle.of(IntStream.range(0, SYMBOLS).boxed().toList(), random).stream()
                    .filter(symbol -> !drawn.contains(symbol))
                    .findFirst()
                    .orElseThrow();
            return Stream.of(
                    query(index, mappings, known, "stored", drawn, shown, "shown"),
                    query(index, mappings, known, "stored", drawn, unseen, "unseen"),
                    query(index, mappings, stored + index, "new", drawn, shown, "shown"),
                    query(index, mappings, stored + index, "new", drawn, unseen, "unseen"));
        });
    }

    private GeneratedQuery query(
            int index, Mappings mappings, int number, String mapping, List<Integer> drawn, int symbol, String seen) {
        boolean guess = mapping.equals("new") && seen.equals("unseen");
        String answer = Mappings.name(mappings.mapping(number).get(symbol));
        String id = name() + "-" + index + "-" + mapping + "-";
        GeneratedQuery.Builder query = GeneratedQuery.of(id + seen, guess ? QueryKind.CONTROL : kind(), name())
                .prompt(mappings.text(number, drawn) + Mappings.question(symbol))
                .completion(" " + answer)
                .answers(answer)
                .targetSpan(new Span("answer", 1, 2))
                .format("list")
                .coordinate("mapping", number)
                .coordinate("symbol", symbol)
                .label("mapping", mapping)
                .label("symbol", seen);
        return (guess ? query.controlOf(id + "shown") : query).build();
    }

    /// By the symbol that the answer begins with.
    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        String expected = query.answers().getFirst();
        Matcher symbol = SYMBOL.matcher(answer);
        return symbol.find()
                ? AnswerText.graded(expected, symbol.group(1))
                : Grade.unreadable("expected " + expected + ", found no symbol");
    }
}
