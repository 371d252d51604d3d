using HarvestTools.Cache;

namespace HarvestTools.Fuzz.Targets;

/// <summary>A part's record in the cache: it is as it was written, or no part.</summary>
internal sealed class PartTarget(IReadOnlyList<(string Key, byte[] Bytes)> parts) : FuzzTarget
{
    private readonly string[] _known = [.. parts.Select(static part => Text(PartRecord.TryRead(part.Key, part.Bytes, withEpisodes: true)!))];

    public override string Name => "part";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. parts.Select(static part => part.Bytes)];

    public override void Run(byte[] input)
    {
        foreach ((string key, _) in parts)
        {
            if (PartRecord.TryRead(key, input, withEpisodes: true) is { } part)
            {
                Require(_known.Contains(Text(part)), "A changed record is believed.");
            }

            if (PartRecord.TryRead(key, input, withEpisodes: false) is { } head)
            {
                Require(_known.Any(known => known.StartsWith(Head(head), StringComparison.Ordinal)), "A changed head is believed.");
            }
        }
    }

    private static string Head(Part part) => $"{part.Key} {part.ExportSha256} {string.Join(' ', part.Tables)} {part.Tally.ToJson().ToJsonString()} ";

    private static string Text(Part part) => Head(part) + string.Join(' ', part.Episodes);
}
