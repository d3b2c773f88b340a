package dev.wellspring.queries.task.language;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Small analogues of the 22 tasks of Lu et al., each item asked in three ways.
public final class FormFamily implements QueryFamily {
    private static final int COUNT = 6;
    private static final List<String> PROMPTS = List.of("closed", "closed-adversarial", "open");

    @Override
    public String name() {
        return "form-and-function";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (FormTask task : FormTask.values()) {
            counts.put(task.code(), COUNT * PROMPTS.size());
        }
        return new FamilyDescription(
                "Knowing a language against using it, and what can be answered from memory against what cannot.",
                "Lu et al., 2309.01809, sections 3 and 4",
                List.of(
                        Parameter.choice(
                                "task",
                                "one of the paper's tasks, or all",
                                Stream.concat(
                                                Stream.of("all"),
                                                Arrays.stream(FormTask.values()).map(FormTask::code))
                                        .toArray(String[]::new)),
                        Parameter.choice("prompt", "how it is asked", "all", "closed", "closed-adversarial", "open"),
                        Parameter.of("count", COUNT, "items of each task; tasks of a fixed list have at most 6")),
                counts);
    }

    /// By task, item and prompt.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        int count = parameters.integer("count", 1, 1_000_000);
        String task = parameters.text("task");
        String prompt = parameters.text("prompt");
        return Arrays.stream(FormTask.values())
                .filter(one -> task.equals("all") || task.equals(one.code()))
                .flatMap(one -> items(one, seed, count))
                .flatMap(draft -> PROMPTS.stream()
                        .filter(one -> prompt.equals("all") || prompt.equals(one))
                        .map(one -> query(draft, one)));
    }

    private static Stream<Draft> items(FormTask task, long seed, int count) {
        List<Item> table = FormTable.of(task);
        SplittableRandom random =
                new SplittableRandom(seed ^ ((long) task.code().hashCode() << 32));
        List<Item> order = Shuffle.of(table, random);
        DerivedItems derived = new DerivedItems(random);
        return IntStream.range(0, table.isEmpty() ? count : Math.min(count, table.size()))
                .mapToObj(index -> {
                    Item item = table.isEmpty() ? derived.draw(task) : order.get(index);
                    List<String> options = new ArrayList<>(item.wrong());
                    options.add(item.right());
                    return new Draft(task, index, item, Shuffle.of(options, random));
                });
    }

    private GeneratedQuery query(Draft draft, String prompt) {
        Item item = draft.item;
        boolean letter = prompt.equals("closed-adversarial");
        String completion = " " + (letter ? letter(draft.options.indexOf(item.right())) : item.right());
        FormTask task = draft.task;
        return GeneratedQuery.of(
                        name() + "-" + task.code() + "-" + draft.index + "-" + prompt,
                        task.memorisable() ? QueryKind.FACTUAL : QueryKind.REASONING,
                        name())
                .prompt(prompt(item.input(), draft.options, prompt))
                .completion(completion)
                .answers(item.right())
                .targetSpan(new Span("answer", 1, completion.length()))
                .format(prompt)
                .coordinate("item", draft.index)
                .coordinate("memorisable_of_50", task.memorisableOf50())
                .label("task", task.code())
                .label("competence", task.competence().name().toLowerCase(Locale.ROOT))
                .label("memorisable", String.valueOf(task.memorisable()))
                .label("options", String.join("|", draft.options))
                .build();
    }

    private static String prompt(String input, List<String> options, String prompt) {
        return switch (prompt) {
            case "closed" ->
                input + " The possible answers are \"" + String.join("\", \"", options)
                        + "\", but the correct answer is";
            case "closed-adversarial" -> "QUESTION: " + input + "\nOPTIONS: " + lettered(options) + "\nANSWER:";
            default -> input + " The correct answer is";
        };
    }

    private static String lettered(List<String> options) {
        return String.join(
                ", ",
                IntStream.range(0, options.size())
                        .mapToObj(i -> letter(i) + " \"" + options.get(i) + "\"")
                        .toList());
    }

    private static String letter(int index) {
        return "(" + (char) ('a' + index) + ")";
    }

    /// Exact match as in the paper: the answer begins with the right option, quoted or bare, and names no other
    /// one after it; a letter where letters were offered.
    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        List<String> options =
                Arrays.asList(query.labels().getOrDefault("options", "").split("\\|", -1));
        return "closed-adversarial".equals(query.format())
                ? OptionGrader.letter(query.answers().getFirst(), options, answer)
                : OptionGrader.option(query.answers().getFirst(), options, answer);
    }

    private record Draft(FormTask task, int index, Item item, List<String> options) {}
}
