package dev.wellspring.queries.split;

import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whole worlds as items.
final class Grids {
    private Grids() {}

    /// Every cell of a grid task.
    static List<Item> of(GridTask task) {
        return task.cells()
                .map(cell -> Item.of(
                        task.text() + "-" + cell.a() + "-" + cell.b(),
                        task.text(),
                        Map.of("a", cell.a(), "b", cell.b()),
                        Map.of()))
                .toList();
    }

    /// Every problem of a world of blocks in one skin, with the queries' labels.
    static List<Item> universe(int blocks, String skin) {
        var family = new BlocksworldUniverse();
        return family.generate(3, family.describe().parameters(Map.of("blocks", "" + blocks, "skin", skin)))
                .map(query -> {
                    Map<String, String> labels = new LinkedHashMap<>(query.labels());
                    labels.put("skin", skin);
                    return Item.of(skin + "-" + query.id(), query.family(), query.coordinates(), labels);
                })
                .toList();
    }
}
