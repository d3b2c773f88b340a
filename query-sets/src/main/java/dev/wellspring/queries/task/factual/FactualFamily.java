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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Questions over a [FactTable], in the table's order, each in one or more wordings; then controls that mirror
/// the first ones with an invented fact that is in no table, which the seed decides.
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
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("facts", RealFacts.ALL.size());
        counts.put("controls", CONTROLS);
        List<Parameter> parameters = new ArrayList<>(FactTable.parameters("real"));
        parameters.add(Parameter.of("paraphrases", 1, "wordings of each question, 1 to " + Relation.QUESTIONS));
        parameters.add(Parameter.of("controls", CONTROLS, "questions to mirror, at most, 0 to " + InventedFacts.MAX));
        return new FamilyDescription(
                "Facts to recall, from much to little written about; any alias is right. The real table is known; the"
                        + " invented one is what the corpus facts states under the same seed.",
                "Ruis et al. 2024, arXiv 2411.12580",
                parameters,
                counts);
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        FactTable table = FactTable.chosen(seed, parameters);
        int wordings = parameters.integer("paraphrases", 1, Relation.QUESTIONS);
        int controls = parameters.integer("controls", 0, InventedFacts.MAX);
        Stream<GeneratedQuery> questions = IntStream.range(0, table.size())
                .mapToObj(table::fact)
                .flatMap(fact -> IntStream.range(0, wordings).mapToObj(wording -> question(fact, wording)));
        return Stream.concat(
                questions,
                IntStream.range(0, Math.min(controls, table.size()))
                        .mapToObj(number -> control(table.fact(number), InventedFacts.like(table.fact(number), seed))));
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return AnswerText.gradeMention(query.answers(), answer);
    }

    private GeneratedQuery question(Fact fact, int wording) {
        String id = wording == 0 ? fact.query() : fact.query() + "-wording-" + (wording + 1);
        var query = GeneratedQuery.of(id, kind(), name())
                .coordinate("fact", fact.number())
                .coordinate("repetition", fact.repetition());
        return finish(query, fact, "", wording);
    }

    private GeneratedQuery control(Fact mirrored, Fact given) {
        String id = mirrored.query().replaceFirst("(?=[0-9]+$)", "control-");
        return finish(
                GeneratedQuery.of(id, QueryKind.CONTROL, name()).controlOf(mirrored.query()),
                given,
                "In a story: " + given.statement() + " ",
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
                .label("stratum", fact.stratum())
                .coordinate("wording", wording + 1)
                .build();
    }
}
