package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/// Arrow values as JSON values. Unsigned numbers keep their value, bytes become base64, dates
/// and local times their ISO form, times with a zone the number that the column holds.
final class ArrowValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ArrowValues() {}

    static JsonNode json(ValueVector vector, int row, String where) {
        if (vector.isNull(row)) {
            return JSON.nullNode();
        }
        return switch (vector) {
            case VarCharVector texts -> text(texts.get(row), where);
            case LargeVarCharVector texts -> text(texts.get(row), where);
            case ViewVarCharVector texts -> text(texts.get(row), where);
            case UInt1Vector numbers -> JSON.numberNode(numbers.getObjectNoOverflow(row));
            case UInt2Vector numbers -> JSON.numberNode((int) numbers.get(row));
            case UInt4Vector numbers -> JSON.numberNode(numbers.getObjectNoOverflow(row));
            case UInt8Vector numbers -> JSON.numberNode(numbers.getObjectNoOverflow(row));
            case DateDayVector days ->
                JSON.textNode(LocalDate.ofEpochDay(days.get(row)).toString());
            case MapVector maps -> map(maps, row, where);
            case BaseListVector lists -> list(lists, row, where);
            case StructVector structs -> struct(structs, row, where);
            default -> scalar(vector.getObject(row));
        };
    }

    private static JsonNode list(BaseListVector lists, int row, String where) {
        FieldVector elements = lists.getChildrenFromFields().getFirst();
        ArrayNode list = JSON.arrayNode();
        for (int i = lists.getElementStartIndex(row); i < lists.getElementEndIndex(row); i++) {
            list.add(json(elements, i, where));
        }
        return list;
    }

    /// A map as an object: its keys as text.
    private static JsonNode map(MapVector maps, int row, String where) {
        StructVector entries = (StructVector) maps.getDataVector();
        List<FieldVector> columns = entries.getChildrenFromFields();
        ObjectNode object = JSON.objectNode();
        for (int i = maps.getElementStartIndex(row); i < maps.getElementEndIndex(row); i++) {
            object.set(json(columns.getFirst(), i, where).asText(), json(columns.getLast(), i, where));
        }
        return object;
    }

    private static JsonNode struct(StructVector structs, int row, String where) {
        ObjectNode object = JSON.objectNode();
        for (FieldVector child : structs.getChildrenFromFields()) {
            object.set(child.getName(), json(child, row, where));
        }
        return object;
    }

    private static JsonNode scalar(Object value) {
        return switch (value) {
            case Boolean truth -> JSON.booleanNode(truth);
            case Byte number -> JSON.numberNode(number);
            case Short number -> JSON.numberNode(number);
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case BigInteger number -> JSON.numberNode(number);
            case BigDecimal number -> JSON.numberNode(number);
            case Float number -> JSON.numberNode(number);
            case Double number -> JSON.numberNode(number);
            case byte[] bytes -> JSON.binaryNode(bytes);
            default -> JSON.textNode(value.toString());
        };
    }

    private static JsonNode text(byte[] bytes, String where) {
        try {
            return JSON.textNode(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw CorpusException.at(where, "UTF-8", "bytes that are none", "convert the column to UTF-8", e);
        }
    }
}
