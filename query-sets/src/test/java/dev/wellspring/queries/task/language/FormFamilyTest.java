package dev.wellspring.queries.task.language;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class FormFamilyTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return new FormFamily();
    }

    @Override
    protected Map<String, String> parameters() {
        return Map.of("count", "3");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        List<String> options =
                List.of(query.labels().getOrDefault("options", "").split("\\|", -1));
        boolean letters = "closed-adversarial".equals(query.format());
        return IntStream.range(0, options.size())
                .filter(i -> !query.answers().contains(options.get(i)))
                .mapToObj(i -> letters ? Character.toString('a' + i) : options.get(i))
                .toList();
    }
}
