package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.synthesis.prose.Prose;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// How the reasoning tasks are solved, as formula, worked example or code. The operands are above every operand that
/// the queries have, so that no document holds the operands of a query.
final class ProcedureDocuments implements DocumentFamily {
    private static final String ALL = "all";

    @Override
    public String name() {
        return "procedures";
    }

    @Override
    public FamilyDescription describe() {
        String[] tasks = Stream.concat(
                        Stream.of(ALL), Arrays.stream(Procedure.values()).map(Procedure::label))
                .toArray(String[]::new);
        return new FamilyDescription(
                "Formulas, worked examples and code for the reasoning tasks, on operands that no query has.",
                "Ruis et al. 2024, arXiv 2411.12580",
                List.of(
                        Parameter.choice("task", "what is shown", tasks),
                        Parameter.choice("form", "how", ALL, "formula", "example", "code")),
                Map.of(Role.PROCEDURE.label(), 900));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        String task = parameters.text("task");
        String form = parameters.text("form");
        List<Procedure> tasks = Arrays.stream(Procedure.values())
                .filter(one -> task.equals(ALL) || one.label().equals(task))
                .toList();
        return new Shown(seed, tasks, form.equals(ALL) ? List.of("formula", "example", "code") : List.of(form));
    }

    private record Shown(long seed, List<Procedure> tasks, List<String> forms) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            RandomGenerator random = Draws.at(seed, index);
            int kind = (int) Draws.repeated(seed, index, (long) tasks.size() * forms.size());
            Procedure procedure = tasks.get(kind / forms.size());
            String form = forms.get(kind % forms.size());
            int[] operands = procedure.draw(random);
            String text = switch (form) {
                case "formula" -> procedure.formula() + " " + Prose.paragraph(random.nextInt(1, 3), random);
                case "code" -> procedure.code(operands);
                default -> procedure.example(operands);
            };
            LabelledDocument document = LabelledDocument.of(
                            "procedures", index, procedure.label(), Role.PROCEDURE, form, text)
                    .withFormat(form);
            return form.equals("formula") ? document : document.withCoordinates(coordinates(procedure, operands));
        }

        private static Map<String, Integer> coordinates(Procedure procedure, int[] operands) {
            Map<String, Integer> coordinates = new LinkedHashMap<>();
            for (int i = 0; i < operands.length; i++) {
                coordinates.put(procedure.operands().get(i), operands[i]);
            }
            return coordinates;
        }
    }
}
