using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using HarvestTools.Drift;
using HarvestTools.Manifests;

namespace HarvestTools.Reports;

/// <summary>
/// The page's data as JSON, in the shape that docs/report.md describes. What a slice.json says of runs and pins is there as it is
/// written, so that a field which a later release adds is on the page without a change here.
/// </summary>
internal static class PageData
{
    private const int Format = 1;

    // As slice.json names them; exports and outputs are shared between slices and have a form of their own.
    private static readonly string[] s_fields =
    [
        "reason", "created_at", "trained_at", "written_by", "harvest_version", "harvest_sha256", "format_version", "derivation_version", "filter_overrides",
        "model_outputs", "eval_set", "media", "pins", "runs",
    ];

    /// <summary>
    /// All letters as they are, but nothing that HTML or a script could take for its own: <c>&lt;</c>, <c>&amp;</c>, quotes, and
    /// the line separators are escaped.
    /// </summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>The same for values that are written on their own.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = Encoder };

    /// <param name="data">What the page shows.</param>
    /// <param name="order">The versions in the order of the page.</param>
    public static string Write(ReportData data, IReadOnlyList<GraphNode> order)
    {
        var parts = new PageParts();
        var ranges = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (GraphNode node in order.Reverse())
        {
            ranges.Add(node.Version, parts.Add(data.Slices[node.Version], data.Facts.GetValueOrDefault(node.Version)));
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("title", PageText.Of(data.Title));
            json.WriteStartArray("slices");
            foreach (GraphNode node in order)
            {
                Write(json, data, node, ranges[node.Version], parts);
            }

            json.WriteEndArray();
            parts.Write(json);
            Decision(json, data);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ReportData data, GraphNode node, IReadOnlyList<int> ranges, PageParts parts)
    {
        SliceManifest slice = data.Slices[node.Version];
        SliceFacts? facts = data.Facts.GetValueOrDefault(node.Version);
        json.WriteStartObject();
        json.WriteString("version", PageText.Of(node.Version));

        // The link by which the list has it, which keeps what the shown name writes out.
        json.WriteString("id", ReportPage.IdOf(node.Version));
        json.WriteStartArray("parents");
        foreach (string parent in slice.Parents)
        {
            json.WriteStringValue(PageText.Of(parent));
        }

        json.WriteEndArray();

        // Without what is large and has another form here.
        JsonObject manifest = (slice with { Exports = [], Outputs = [] }).ToJson();
        foreach (string field in s_fields)
        {
            if (manifest[field] is { } value and not JsonArray { Count: 0 } and not JsonObject { Count: 0 })
            {
                json.WritePropertyName(field);
                PageText.Of(value)!.WriteTo(json, Options);
            }
        }

        PageParts.WriteText(json, "key", facts?.Key);
        PageParts.WriteText(json, "dataset", facts?.Dataset);
        if (parts.DefinitionOf(facts) is { } definition)
        {
            json.WriteNumber("definition", definition);
        }

        PageParts.WriteNumbers(json, "parts", ranges);
        if (parts.RowsOf(slice) is { Count: > 0 } rows)
        {
            PageParts.WriteNumbers(json, "rows", rows);
        }

        if (data.Drift?.GetValueOrDefault(node.Version) is { } drift)
        {
            Drift(json, drift);
        }

        json.WriteEndObject();
    }

    private static void Drift(Utf8JsonWriter json, DriftReport drift)
    {
        json.WriteStartObject("drift");
        json.WriteString("status", drift.Status.ToString());
        json.WriteStartArray("findings");
        foreach (DriftFinding finding in drift.Findings)
        {
            json.WriteStartObject();
            json.WriteString("kind", finding.Kind.ToString());
            json.WriteString("severity", finding.Severity.ToString());
            json.WriteString("message", finding.ReportedUnder is { } first ? $"as reported under {PageText.Of(first)}" : PageText.Of(finding.Message));
            if (finding.ReportedUnder is null)
            {
                json.WriteString("remedy", PageText.Of($"{finding.Remedy}"));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Decision(Utf8JsonWriter json, ReportData data)
    {
        if (data.Decision?.Regression is not { } trend)
        {
            return;
        }

        json.WriteStartArray("corrections");
        foreach (Decisions.Statistics.VersionFigures version in trend.ModelVersions)
        {
            json.WriteStartObject();
            json.WriteString("model_version", PageText.Of(version.ModelVersion));
            PageParts.WriteText(json, "model", version.Line);
            json.WriteNumber("episodes", version.Episodes);
            json.WriteNumber("drawn", version.Drawn);
            json.WriteNumber("corrected", version.Corrected);
            json.WriteNumber("deleted", version.Deleted);
            if (version.CorrectionsPerEpisode is { } rate && double.IsFinite(rate))
            {
                json.WriteNumber("per_episode", rate);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
