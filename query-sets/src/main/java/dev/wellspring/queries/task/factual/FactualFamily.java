package dev.wellspring.queries.task.factual;

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
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Questions over [FactTable], in the table's order, each in one or more wordings; then controls that mirror
/// the first ones with an invented fact, which the seed decides.
public record FactualFamily() implements QueryFamily {
    private static final int CONTROLS = 10;

    @Override
    public String name() {
        return "factual";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.FACTUAL;
    }

    @Override
    public FamilyDescription describe() {
        int facts = FactTable.FACTS.size();
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("facts", facts);
        counts.put("controls", CONTROLS);
        return new FamilyDescription(
                "Facts to recall, from much to little written about; any alias is right.",
                "Ruis et al. 2024, arXiv 2411.12580",
                List.of(
                        Parameter.of("paraphrases", 1, "wordings of each question, 1 to 3"),
                        Parameter.of("controls", CONTROLS, "questions to mirror, 0 to " + facts)),
                counts);
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        List<Fact> facts = FactTable.FACTS;
        int wordings = parameters.integer("paraphrases", 1, Relation.WORDINGS);
        int controls = parameters.integer("controls", 0, facts.size());
        var random = new SplittableRandom(seed);
        Stream<GeneratedQuery> questions = IntStream.range(0, facts.size())
                .boxed()
                .flatMap(i -> IntStream.range(0, wordings).mapToObj(wording -> question(i, facts.get(i), wording)));
        List<Fact> invented = facts.stream()
                .limit(controls)
                .map(new InventedFact(random)::like)
                .toList();
        return Stream.concat(questions, IntStream.range(0, controls).mapToObj(i -> control(i, invented.get(i))));
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return AnswerText.gradeMention(query.answers(), answer);
    }

    private GeneratedQuery question(int index, Fact fact, int wording) {
        String id = wording == 0 ? id(index) : id(index) + "-wording-" + (wording + 1);
        return finish(GeneratedQuery.of(id, kind(), name()), fact, "", wording);
    }

    private GeneratedQuery control(int index, Fact fact) {
        String id = String.format(Locale.ROOT, "factual-control-%02d", index + 1);
        return finish(
                GeneratedQuery.of(id, QueryKind.CONTROL, name()).controlOf(id(index)),
                fact,
                "In a story: " + fact.statement() + " ",
                0);
    }

    private static GeneratedQuery finish(GeneratedQuery.Builder query, Fact fact, String given, int wording) {
        String completion = fact.statement();
        return query.prompt(given + fact.relation().question(fact.subject(), wording) + "\n\n")
                .completion(completion)
                .answers(fact.answers())
                .targetSpan(Span.last("answer", completion, fact.answers().getFirst()))
                .label("relation", fact.relation().text())
                .label("subject", fact.subject())
                .label("stratum", fact.stratum().text())
                .coordinate("wording", wording + 1)
                .build();
    }

    private static String id(int index) {
        return String.format(Locale.ROOT, "factual-%02d", index + 1);
    }
}
