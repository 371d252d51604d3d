using System.Text.Json;
using HarvestTools.Derivation.Geometry;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>How far a region moved, and which members of its value that explains.</summary>
internal readonly record struct RegionMove(double? Distance, string? Unit)
{
    private static readonly string[] s_members = ["value.x", "value.y", "value.width", "value.height", "value.rotation", "value.ranges", "value.sequence"];

    /// <param name="path">For example <c>value.ranges.end</c>.</param>
    public bool Explains(string path) => Distance is not null
        && s_members.Any(member => path == member || path.StartsWith(member + ".", StringComparison.Ordinal));
}

/// <summary>Measures regions of Label Studio's result as people see them: points and corners in pixels, segments in frames.</summary>
internal static class RegionGeometry
{
    private const string Pixels = "px";
    private const string Percent = "%";
    private const string Frames = "frames";

    /// <summary>The labels of a region's value, joined with commas; null where it has no list of labels.</summary>
    public static string? LabelOf(JsonElement region)
    {
        if (ValueOf(region) is not { } value)
        {
            return null;
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (IsLabelList(member.Name) && member.Value.ValueKind == JsonValueKind.Array)
            {
                return string.Join(", ", member.Value.EnumerateArray().Select(static label =>
                    label.ValueKind == JsonValueKind.String ? label.GetString() : label.GetRawText()));
            }
        }

        return null;
    }

    /// <summary>Whether a path such as <c>value.keypointlabels</c> is a list of labels.</summary>
    public static bool IsLabel(string path) => path.StartsWith("value.", StringComparison.Ordinal) && IsLabelList(path["value.".Length..]);

    /// <summary>The farthest that a point, corner, end or key frame moved; no distance where nothing moved or it cannot be told.</summary>
    public static RegionMove Between(JsonElement before, JsonElement after)
    {
        if (ValueOf(before) is not { } left || ValueOf(after) is not { } right)
        {
            return default;
        }

        if (left.TryGetProperty("ranges", out JsonElement oldRanges) && right.TryGetProperty("ranges", out JsonElement newRanges))
        {
            return Moved(Ranges(oldRanges, newRanges), Frames);
        }

        (double Width, double Height)? size = SizeOf(after) ?? SizeOf(before);
        string unit = size is null ? Percent : Pixels;
        if (left.TryGetProperty("sequence", out JsonElement oldFrames) && right.TryGetProperty("sequence", out JsonElement newFrames))
        {
            return Moved(KeyFrames(oldFrames, newFrames, size ?? (100, 100)), unit);
        }

        return IsShape(left) && IsShape(right) ? Moved(Corners(left, right, size ?? (100, 100)), unit) : default;
    }

    private static RegionMove Moved(double? distance, string unit) => distance is > 0 ? new RegionMove(distance, unit) : default;

    private static double? Ranges(JsonElement before, JsonElement after)
    {
        if (before.ValueKind != JsonValueKind.Array || after.ValueKind != JsonValueKind.Array || before.GetArrayLength() != after.GetArrayLength())
        {
            return null;
        }

        double farthest = 0;
        for (int i = 0; i < before.GetArrayLength(); i++)
        {
            foreach (string end in (string[])["start", "end"])
            {
                if (Number(before[i], end) is not { } old || Number(after[i], end) is not { } made)
                {
                    continue;
                }

                farthest = Math.Max(farthest, Math.Abs(old - made));
            }
        }

        return farthest;
    }

    /// <summary>Key frames of one number are compared; those that only one side has leave no distance of their own.</summary>
    private static double? KeyFrames(JsonElement before, JsonElement after, (double Width, double Height) size)
    {
        if (before.ValueKind != JsonValueKind.Array || after.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var old = new Dictionary<double, JsonElement>();
        foreach (JsonElement frame in before.EnumerateArray())
        {
            if (Number(frame, "frame") is { } number)
            {
                old[number] = frame;
            }
        }

        List<JsonElement> made = [.. after.EnumerateArray()];
        if (made.Count != old.Count || made.Any(frame => Number(frame, "frame") is not { } number || !old.ContainsKey(number)))
        {
            return null;
        }

        return made.Count == 0
            ? 0
            : made.Max(frame => Corners(old[Number(frame, "frame")!.Value], frame, size));
    }

    /// <summary>A point has no extent here; its width is the size of the dot.</summary>
    private static double Corners(JsonElement before, JsonElement after, (double Width, double Height) size)
    {
        Span<PixelPoint> left = stackalloc PixelPoint[4];
        Span<PixelPoint> right = stackalloc PixelPoint[4];
        BoxOf(before, size).Corners(left);
        BoxOf(after, size).Corners(right);
        double farthest = 0;
        for (int i = 0; i < left.Length; i++)
        {
            farthest = Math.Max(farthest, left[i].DistanceTo(right[i]));
        }

        return farthest;
    }

    private static RotatedBox BoxOf(JsonElement shape, (double Width, double Height) size)
    {
        bool box = Number(shape, "height") is not null;
        return RotatedBox.FromPercent(
            Number(shape, "x") ?? 0,
            Number(shape, "y") ?? 0,
            box ? Number(shape, "width") ?? 0 : 0,
            Number(shape, "height") ?? 0,
            Number(shape, "rotation") ?? 0,
            size.Width,
            size.Height);
    }

    private static bool IsShape(JsonElement value) => Number(value, "x") is not null && Number(value, "y") is not null;

    private static (double Width, double Height)? SizeOf(JsonElement region) =>
        Number(region, "original_width") is { } width && Number(region, "original_height") is { } height ? (width, height) : null;

    private static double? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number)
            ? number
            : null;

    private static JsonElement? ValueOf(JsonElement region) =>
        region.ValueKind == JsonValueKind.Object && region.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static bool IsLabelList(string name) => name.EndsWith("labels", StringComparison.Ordinal) && !name.Contains('.');
}
