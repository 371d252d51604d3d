using System.Reflection;
using System.Runtime.CompilerServices;

namespace HarvestTools.Tests.Errors;

/// <summary>The factory methods of an assembly's errors, and the errors they make of dummy arguments.</summary>
internal static class ErrorFactories
{
    /// <summary>What a system message would say; no user may ever read it.</summary>
    public const string SystemText = "text of the system's own exception";

    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// Every static method in a class named *Errors that makes an error. Those that take an error (to add a place to it) or
    /// choose among the others make none of their own; private ones serve the public ones.
    /// </summary>
    public static IReadOnlyList<MethodInfo> Of(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(static type => type is { IsClass: true, IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(static type => type.GetMethods(Everything))
            .Where(static method => method.ReturnType == typeof(HarvestException)
                && !method.IsPrivate
                && method.Name != "From"
                && method.GetParameters().All(static parameter => parameter.ParameterType != typeof(HarvestException)))
            .OrderBy(static method => method.Name, StringComparer.Ordinal),
    ];

    /// <summary>The error with everything given, and the one with nothing that may be left out.</summary>
    public static IEnumerable<HarvestException> Make(MethodInfo factory)
    {
        var nullability = new NullabilityInfoContext();
        ParameterInfo[] parameters = factory.GetParameters();
        object?[] all = [.. parameters.Select(static parameter => Dummy(parameter.Name!, parameter.ParameterType))];
        object?[] least =
        [
            .. parameters.Select((parameter, i) => nullability.Create(parameter).WriteState == NullabilityState.Nullable ? null : all[i]),
        ];
        return new[] { all, least }.Select(arguments => (HarvestException)factory.Invoke(null, arguments)!);
    }

    private static object Dummy(string name, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? (type.IsByRef ? type.GetElementType()! : type);
        return type switch
        {
            // A sentence that the caller gives stands for itself.
            _ when type == typeof(string) && (name is "message" or "remedy") => "X.",
            _ when type == typeof(Remedy) => Remedy.FromString("X."),

            // Hashes are told by their first digits.
            _ when type == typeof(string) && name is "Sha256" or "sha256" or "expected" or "actual" => new string('a', 64),
            _ when type == typeof(string) => "x",
            _ when type == typeof(object) => "x",

            // A task of one byte has no second place.
            _ when type == typeof(int) => name is "position" or "first" or "second" ? 0 : 1,
            _ when type == typeof(long) => name == "position" ? 0L : 1L,
            _ when type == typeof(double) => 1.0,
            _ when type == typeof(bool) => true,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(0)!,
            _ when type == typeof((long Line, long Byte)) => (1L, 0L),
            _ when type == typeof(byte) => (byte)'x',
            _ when type == typeof(byte[]) => "{}"u8.ToArray(),
            _ when type == typeof(Exception) => new IOException(SystemText),
            _ when type.IsAssignableFrom(typeof(string[])) => (string[])["x"],
            _ when type.IsAssignableFrom(typeof(long[])) => (long[])[1],
            _ => Construct(type),
        };
    }

    private static object Construct(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(constructor => constructor.GetParameters().All(parameter => parameter.ParameterType != type))
            .MaxBy(static constructor => constructor.GetParameters().Length)!;
        object made = constructor.Invoke([.. constructor.GetParameters().Select(static parameter => Dummy(parameter.Name!, parameter.ParameterType))]);
        foreach (PropertyInfo property in type.GetProperties().Where(static property => property.IsDefined(typeof(RequiredMemberAttribute))))
        {
            property.SetValue(made, Dummy(property.Name, property.PropertyType));
        }

        return made;
    }
}
