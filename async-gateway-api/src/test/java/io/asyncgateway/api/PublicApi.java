package io.asyncgateway.api;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Renders the public types of a folder of classes as text: a line for each type, sorted by name, and below it one for each
 * member that a user can reach. What the language generates (accessors and constructor of a record, {@code values()} of an
 * enum) and what every object has is left out.
 */
final class PublicApi {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    private PublicApi() {}

    static String render(Path classes) throws IOException {
        return publicTypes(classes).map(PublicApi::type).collect(joining("\n"));
    }

    private static Stream<Class<?>> publicTypes(Path classes) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.map(classes::relativize)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()))
                    .map(file -> file.replace(File.separatorChar, '.'))
                    .toList();
        }
        return names.stream()
                .<Class<?>>map(PublicApi::load)
                .filter(PublicApi::isReachable)
                .sorted(Comparator.comparing(Class::getName));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(name, e));
        }
    }

    private static boolean isReachable(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return isReachable(type.getModifiers(), outer) && (outer == null || isReachable(outer));
    }

    private static boolean isReachable(int modifiers, Class<?> owner) {
        boolean inherited = owner != null && !Modifier.isFinal(owner.getModifiers()) && !owner.isSealed();
        return Modifier.isPublic(modifiers) || (Modifier.isProtected(modifiers) && inherited);
    }

    private static String type(Class<?> type) {
        List<String> members = new ArrayList<>();
        Arrays.stream(type.getDeclaredFields())
                .filter(field -> isReachable(field, type))
                .map(PublicApi::field)
                .sorted()
                .forEach(members::add);
        Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> isReachable(constructor, type) && !isCanonical(constructor))
                .map(PublicApi::constructor)
                .sorted()
                .forEach(members::add);
        Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isReachable(method, type) && !isGenerated(method))
                .sorted(Comparator.comparing(Method::getName).thenComparing(PublicApi::method))
                .map(PublicApi::method)
                .forEach(members::add);
        return head(type) + "\n" + members.stream().map(m -> "    " + m + "\n").collect(joining());
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder();
        int modifiers = type.getModifiers();
        boolean canBeExtended = !type.isEnum() && !type.isRecord();
        if (canBeExtended && type.isSealed()) {
            head.append("sealed ");
        } else if (canBeExtended && Modifier.isFinal(modifiers)) {
            head.append("final ");
        }
        if (Modifier.isAbstract(modifiers) && !type.isInterface() && canBeExtended) {
            head.append("abstract ");
        }
        head.append(kind(type)).append(' ').append(TypeNames.of(type));
        head.append(TypeNames.parameters(type.getTypeParameters()));
        if (type.isRecord()) {
            head.append(Arrays.stream(type.getRecordComponents())
                    .map(PublicApi::component)
                    .collect(joining(", ", "(", ")")));
        }
        AnnotatedType parent = type.getAnnotatedSuperclass();
        if (parent != null && canBeExtended && parent.getType() != Object.class) {
            head.append(" extends ").append(TypeNames.of(parent));
        }
        append(head, type.isInterface() ? " extends " : " implements ", TypeNames.of(type.getAnnotatedInterfaces()));
        if (type.isSealed()) {
            append(head, " permits ", TypeNames.of(type.getPermittedSubclasses()));
        }
        return head.toString();
    }

    private static void append(StringBuilder head, String keyword, String names) {
        if (!names.isEmpty()) {
            head.append(keyword).append(names);
        }
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        if (type.isEnum()) {
            return "enum";
        }
        return type.isRecord() ? "record" : "class";
    }

    private static String component(RecordComponent component) {
        return TypeNames.of(component.getAnnotatedType()) + " " + component.getName();
    }

    private static boolean isReachable(Member member, Class<?> owner) {
        return !member.isSynthetic() && isReachable(member.getModifiers(), owner);
    }

    private static boolean isCanonical(Constructor<?> constructor) {
        Class<?> owner = constructor.getDeclaringClass();
        return owner.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(owner.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray());
    }

    private static boolean isGenerated(Method method) {
        Class<?> owner = method.getDeclaringClass();
        if (OF_EVERY_OBJECT.contains(method.getName())) {
            return true;
        }
        if (owner.isEnum()) {
            return method.getName().equals("values") || method.getName().equals("valueOf");
        }
        return owner.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(owner.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().equals(method));
    }

    private static String field(Field field) {
        if (field.isEnumConstant()) {
            return field.getName();
        }
        return modifiers(field) + TypeNames.of(field.getAnnotatedType()) + " " + field.getName();
    }

    private static String constructor(Constructor<?> constructor) {
        return modifiers(constructor) + constructor.getDeclaringClass().getSimpleName() + signature(constructor);
    }

    private static String method(Method method) {
        String parameters = TypeNames.parameters(method.getTypeParameters());
        return modifiers(method)
                + (method.isDefault() ? "default " : "")
                + (parameters.isEmpty() ? "" : parameters + " ")
                + TypeNames.of(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + signature(method);
    }

    /** Public and the abstractness of an interface's methods go without saying. */
    private static String modifiers(Member member) {
        int shown = Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL;
        if (!member.getDeclaringClass().isInterface()) {
            shown |= Modifier.ABSTRACT;
        }
        String text = Modifier.toString(member.getModifiers() & shown);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String signature(Executable executable) {
        String parameters = Arrays.stream(executable.getParameters())
                .map(PublicApi::parameter)
                .collect(joining(", ", "(", ")"));
        String failures = TypeNames.of(executable.getAnnotatedExceptionTypes());
        return failures.isEmpty() ? parameters : parameters + " throws " + failures;
    }

    private static String parameter(Parameter parameter) {
        String type = TypeNames.of(parameter.getAnnotatedType());
        String shown = parameter.isVarArgs() ? type.replaceFirst("\\[]$", "...") : type;
        return shown + " " + parameter.getName();
    }
}
