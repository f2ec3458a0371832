package io.asyncgateway.samples.chat;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What people and rooms may be called, what they may say, and how keys and the ids of messages look. */
final class Names {
    /** As long as two names beside each other still fit on a phone. */
    static final int MAX_NAME = 24;

    private static final Pattern ROOM = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?");
    /** 128 random bits in hexadecimal or Base64, and up to twice as many. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{22,64}");

    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");
    /**
     * What one does not see, or what turns the text around, and letters that are blank. The joiner is part of emoji and of some scripts, and
     * stays.
     */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{C}\\u034f\\u115f\\u1160\\u2800\\u3164\\uffa0&&[^\\u200d]]");

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cs}&&[^\n\t]]");

    /** Alphabets whose letters look like each other: Latin "a" and Cyrillic "а". */
    private static final Set<UnicodeScript> ALIKE =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.CYRILLIC, UnicodeScript.GREEK);

    private Names() {}

    /**
     * The name that others see: composed, without characters that one does not see, with single blanks.
     *
     * @throws RefusedException if that is no name
     */
    static String name(String given) {
        String name = BLANKS.matcher(INVISIBLE
                        .matcher(Normalizer.normalize(given, Normalizer.Form.NFC))
                        .replaceAll(""))
                .replaceAll(" ")
                .strip();
        if (name.codePoints().noneMatch(Character::isLetterOrDigit)) {
            throw new RefusedException(RefusedException.NAME, "A name needs at least one letter or digit.");
        }
        if (name.codePointCount(0, name.length()) > MAX_NAME) {
            throw new RefusedException(
                    RefusedException.NAME, "That name is too long: " + MAX_NAME + " characters are the most.");
        }
        if (name.codePoints()
                        .mapToObj(UnicodeScript::of)
                        .filter(ALIKE::contains)
                        .distinct()
                        .count()
                > 1) {
            throw new RefusedException(RefusedException.NAME, "Please write the name in one alphabet.");
        }
        return name;
    }

    /**
     * The text of a message, without control characters (but line breaks and tabs) and blanks around it.
     *
     * @throws RefusedException if nothing is left of it, or too much
     */
    static String text(String given) {
        String text =
                CONTROLS.matcher(given.replace("\r\n", "\n")).replaceAll("").strip();
        if (text.isEmpty()) {
            throw new RefusedException(RefusedException.TEXT, "There is nothing in that message.");
        }
        if (text.codePointCount(0, text.length()) > ChatSession.MAX_TEXT) {
            throw new RefusedException(
                    RefusedException.TOO_LONG,
                    String.format(Locale.ROOT, "A message has at most %,d characters.", ChatSession.MAX_TEXT));
        }
        return text;
    }

    static boolean isRoom(String name) {
        return ROOM.matcher(name).matches();
    }

    static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    static boolean isClientId(String id) {
        return CLIENT_ID.matcher(id).matches();
    }
}
