package dev.wellspring.analysis;

import java.text.Normalizer;
import java.util.Locale;

/// When a text holds an answer. The rules:
///
/// - Both are brought into one form: Unicode NFKC; small letters, by way of capitals, so that ß is ss; every
///   run of white space is one space; hyphens and minus signs are `-`.
/// - An answer is found as it stands, and only whole: a letter or digit at its edge must not be followed by
///   another letter, digit or mark outside. `Oslo` is not in `Oslos`.
/// - Numbers are whole, too: `5` is not in `15`, `5.2`, `2.5`, `.5`, `1,500` (after which a digit follows)
///   or `x5`. A full stop or a comma that no digit follows is the end of a sentence.
/// - A minus sign directly before a number is its sign, unless a letter, a digit or a closing bracket stands
///   directly before the minus: `5` is not in `= -5`, but in `10-5`, `10 - 5` and `(2)-5`; `-5` is in `= -5`
/// and not in `10-5`.
public final class AnswerText {
    private AnswerText() {}

    /// The form in which texts and answers are compared.
    public static String normalise(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        var normal = new StringBuilder(folded.length());
        boolean space = true; // none at the beginning
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                if (!space) {
                    normal.append(' ');
                }
                space = true;
            } else {
                normal.append(c == '\u2212' || c == '\u2010' ? '-' : c);
                space = false;
            }
        }
        if (space && !normal.isEmpty()) {
            normal.setLength(normal.length() - 1);
        }
        return normal.toString();
    }

    /// Whether what stands at a place of a text is whole.
    ///
    /// @param text normalised
    /// @param start where it begins
    /// @param end where it ends, exclusive
    static boolean isWhole(CharSequence text, int start, int end) {
        return isFreeBefore(text, start) && isFreeAfter(text, end);
    }

    private static boolean isFreeBefore(CharSequence text, int start) {
        int first = Character.codePointAt(text, start);
        if (first == '-') {
            return isSign(text, start);
        }
        if (start == 0 || !isWord(first)) {
            return true;
        }
        int before = Character.codePointBefore(text, start);
        if (isWord(before)) {
            return false;
        }
        if (!Character.isDigit(first)) {
            return true;
        }
        if (before == '-') {
            return !isSign(text, start - 1);
        }
        if (before == '.' || before == ',') {
            boolean afterSpace = start == 1 || text.charAt(start - 2) == ' ';
            boolean afterDigit = start > 1 && Character.isDigit(Character.codePointBefore(text, start - 1));
            return !(afterDigit || (before == '.' && afterSpace));
        }
        return true;
    }

    private static boolean isFreeAfter(CharSequence text, int end) {
        int last = Character.codePointBefore(text, end);
        if (end == text.length() || !isWord(last)) {
            return true;
        }
        int after = Character.codePointAt(text, end);
        if (isWord(after)) {
            return false;
        }
        boolean fraction = (after == '.' || after == ',')
                && end + 1 < text.length()
                && Character.isDigit(Character.codePointAt(text, end + 1));
        return !(Character.isDigit(last) && fraction);
    }

    /// Whether the minus at a place is a number's sign, and not one between two.
    private static boolean isSign(CharSequence text, int minus) {
        if (minus == 0) {
            return true;
        }
        int before = Character.codePointBefore(text, minus);
        return !isWord(before) && before != ')' && before != ']' && before != '}';
    }

    private static boolean isWord(int codePoint) {
        return Character.isLetterOrDigit(codePoint)
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
                    default -> false;
                };
    }
}
