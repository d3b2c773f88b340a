package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.synthesis.LabelledDocument;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a split needs to know of a document or a query.
///
/// @param id unique among the items
/// @param coordinates where it lies
/// @param labels such as `skin` and `template`
public record Item(String id, Map<String, Integer> coordinates, Map<String, String> labels) {
    /// Copies the maps.
    public Item {
        coordinates = Map.copyOf(coordinates);
        labels = Map.copyOf(labels);
    }

    /// A document as an item.
    public static Item of(LabelledDocument document) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("template", document.template());
        if (document.skin() != null) {
            labels.put("skin", document.skin());
        }
        return new Item(document.id(), document.coordinates(), labels);
    }

    /// @throws CorpusException if the item has no such coordinate
    int coordinate(String name) {
        Integer value = coordinates.get(name);
        if (value == null) {
            throw lacking("coordinate " + name, coordinates.keySet().toString());
        }
        return value;
    }

    /// @throws CorpusException if the item has no such label
    String label(String name) {
        String value = labels.get(name);
        if (value == null) {
            throw lacking("label " + name, labels.keySet().toString());
        }
        return value;
    }

    private CorpusException lacking(String expected, String found) {
        return CorpusException.at("item " + id, "a " + expected, found, "split by something that every item has");
    }
}
