using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>
/// The file of the models that were put into production, the last one in its last line. Lines are only ever added: where two branches
/// each put one into production, git has a conflict, and a person says which of the two it is.
/// </summary>
internal static class ProductionLog
{
    /// <summary>Beside harvest.json; goes into git.</summary>
    public const string FileName = "production.jsonl";

    /// <summary>The name that always means what is in production.</summary>
    public const string Alias = "production";

    /// <summary>The lines in their order; none where there is no file.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <exception cref="HarvestException">A line is at fault; the message names it.</exception>
    public static IReadOnlyList<ProductionModel> Read(string root) => File.Exists(PathIn(root)) ? Parse(Bytes(root), PathIn(root)) : [];

    /// <summary>Adds a line; the others keep every byte. The caller holds the lock.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <param name="model">What is in production from now on.</param>
    /// <exception cref="HarvestException">The file is at fault, or cannot be written.</exception>
    public static void Add(string root, ProductionModel model)
    {
        byte[] before = File.Exists(PathIn(root)) ? Bytes(root) : [];
        byte[] line = CanonicalJson.Of(new ObjectWriter(null)
            .Add("at", Timestamp.From(model.At))
            .Add("by", model.By)
            .Add("model", model.Name)
            .Add("reason", model.Reason)
            .Add("sha256", model.Sha256)
            .Add("slice", model.Version)
            .Build());
        bool ended = before.Length == 0 || before[^1] == (byte)'\n';
        AtomicFile.WriteAllBytes(PathIn(root), [.. before, .. ended ? ""u8 : "\n"u8, .. line, (byte)'\n']);
    }

    /// <summary>Full path of the file.</summary>
    public static string PathIn(string root) => Path.Combine(root, FileName);

    internal static IReadOnlyList<ProductionModel> Parse(byte[] bytes, string file)
    {
        if (MergeMarkers.Find(bytes) is { Count: > 0 } markers)
        {
            throw JsonDocumentErrors.ProductionConflict(file, markers);
        }

        var models = new List<ProductionModel>();
        ReadOnlySpan<byte> rest = new JsonFileText(bytes, file).Text;
        for (int line = 0; !rest.IsEmpty; line++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (text.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            // After as many line ends as there are before it in the file, so that a fault is said to be where it is.
            byte[] placed = new byte[line + text.Length];
            placed.AsSpan(0, line).Fill((byte)'\n');
            text.CopyTo(placed.AsSpan(line));
            models.Add(Read(new JsonFileText(placed, file)));
        }

        return [.. models.Select((model, index) => index == models.Count - 1 ? model : model with { State = ProductionState.Former })];
    }

    private static ProductionModel Read(JsonFileText file)
    {
        JsonObject line = file.ParseObject();
        var reader = new ObjectReader(file, line);
        Timestamp at = reader.Time("at") ?? throw JsonDocumentErrors.FieldMissing(file.File, file.Find(""), "at");
        return new ProductionModel(
            reader.RequiredText("model"), reader.RequiredText("slice"), reader.Sha256("sha256"), at.Instant, reader.RequiredText("by"), reader.RequiredText("reason"));
    }

    private static byte[] Bytes(string root)
    {
        FileKinds.RequireStored(PathIn(root), "read");
        return AtomicFile.ReadAllBytes(PathIn(root));
    }
}
