using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Parameters;

/// <summary>Parameters of a file, in its order, each under its whole key (<c>train.lr</c>). A list is one value.</summary>
/// <param name="FileSha256">SHA-256 of the file's bytes.</param>
/// <param name="Values">The parameters that were selected.</param>
internal sealed record ParameterFile(string FileSha256, JsonObject Values)
{
    private const int MostBytes = 4 * 1024 * 1024;

    // What a slice records of them is read with every list of slices.
    private const int MostValues = 1000;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>SHA-256 of parameters alone, whatever the file's spelling, order and kind: of their canonical JSON.</summary>
    public static string HashOf(JsonObject values) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(values, exactIntegers: true)));

    /// <summary>The same; null where the values hold a number that no 64-bit float has, or half a character.</summary>
    public static string? TryHashOf(JsonObject values)
    {
        try
        {
            return HashOf(values);
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(JsonErrors.JsonNotCanonical))
        {
            return null;
        }
    }

    /// <summary>Whether two values are one, however they are written; what has no canonical form is like nothing.</summary>
    public static bool Same(JsonNode? one, JsonNode? other) =>
        TryHashOf(new JsonObject { [""] = one?.DeepClone() }) is { } hash && hash == TryHashOf(new JsonObject { [""] = other?.DeepClone() });

    /// <summary>Reads a parameter file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="selection">Its name for errors, and which parameters.</param>
    /// <exception cref="HarvestException">
    /// ParameterFileMissing, ParameterFileUnknown, ParameterFileTooLarge, YamlMalformed, ParameterKeyUnknown, ParameterKeyTwice, JsonSyntax; it cannot be read.
    /// </exception>
    public static ParameterFile Read(string path, ParameterSelection selection)
    {
        FileKinds.RequireReadable(path, "read");
        if (FileKinds.Behind(path) != FileKind.Regular)
        {
            throw ParameterErrors.ParameterFileMissing(selection.Path, Directory.Exists(path) ? "is a folder" : "is not there");
        }

        RequireSmall(new FileInfo(path).Length, selection.Path);
        return Read(AtomicFile.ReadAllBytes(path), selection);
    }

    /// <summary>The same of bytes.</summary>
    public static ParameterFile Read(byte[] bytes, ParameterSelection selection)
    {
        RequireSmall(bytes.Length, selection.Path);
        JsonObject root = Parse(bytes, selection.Path);
        var all = new JsonObject();
        Flatten(root, prefix: "", all, selection.Path);
        string[] known = [.. all.Select(static pair => pair.Key)];
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string key in selection.Each)
        {
            string[] matching = [.. known.Where(name => ParameterSelection.Matches(key, name))];
            chosen.UnionWith(matching.Length > 0 ? matching : throw ParameterErrors.ParameterKeyUnknown(selection.Path, key, known));
        }

        var values = new JsonObject(all.Where(pair => selection.Keys is null || chosen.Contains(pair.Key))
            .Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        foreach ((string name, JsonNode? value) in values)
        {
            if (TryHashOf(new JsonObject { [name] = value?.DeepClone() }) is null)
            {
                throw ParameterErrors.ParameterOutOfRange(selection.Path, name);
            }
        }

        return values.Count <= MostValues
            ? new ParameterFile(Convert.ToHexStringLower(SHA256.HashData(bytes)), values)
            : throw ParameterErrors.ParameterFileTooLarge(selection.Path, string.Create(CultureInfo.InvariantCulture, $"{values.Count} parameters are selected, and {MostValues} are the most"));
    }

    private static JsonObject Parse(byte[] bytes, string file)
    {
        switch (Path.GetExtension(file).ToUpperInvariant())
        {
            case ".JSON":
                return new JsonFileText(bytes, file).ParseObject();
            case ".YAML" or ".YML":
                return YamlReader.Read(Text(bytes, file), file) switch
                {
                    null => [],
                    JsonObject mapping => mapping,
                    _ => throw ParameterErrors.YamlMalformed(file, 1, 1, "it is no mapping of keys to values"),
                };
            default:
                throw ParameterErrors.ParameterFileUnknown(file);
        }
    }

    private static string Text(byte[] bytes, string file)
    {
        try
        {
            return s_strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw ParameterErrors.YamlMalformed(file, 1, 1, "it is no UTF-8");
        }
    }

    private static void RequireSmall(long length, string file)
    {
        if (length > MostBytes)
        {
            throw ParameterErrors.ParameterFileTooLarge(file, string.Create(CultureInfo.InvariantCulture, $"it has {length} bytes, and {MostBytes} are the most"));
        }
    }

    private static void Flatten(JsonObject mapping, string prefix, JsonObject all, string file)
    {
        foreach ((string name, JsonNode? value) in mapping)
        {
            string key = prefix + name;
            if (value is JsonObject { Count: > 0 } inner)
            {
                Flatten(inner, $"{key}.", all, file);
            }
            else if (!all.TryAdd(key, value?.DeepClone()))
            {
                throw ParameterErrors.ParameterKeyTwice(file, key);
            }
        }
    }
}
