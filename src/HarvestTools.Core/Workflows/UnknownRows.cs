using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>What is not known of rows that a team's own program derives, and how to come to know it.</summary>
/// <param name="Reason">In a sentence.</param>
/// <param name="Remedy">What to do.</param>
public sealed record UnknownRows(string Reason, Remedy Remedy)
{
    /// <summary>What is not known of the exports of slices: each reason once, with all slices that it is of.</summary>
    /// <param name="sources">The exports.</param>
    /// <param name="withPlace">Whether a reason that is of one export alone names the slice and the project.</param>
    public static IReadOnlyList<UnknownRows> Of(IEnumerable<SliceSource> sources, bool withPlace)
    {
        return
        [
            .. sources.Where(static source => source.NotKnown is not null)
                .GroupBy(source => source.Unread.Count > 0 ? $"unread {string.Join(", ", source.Unread)}" : source.Lacking.Count == 0 && source.Silent is null ? Text(source) : $"{source.Silent} {string.Join(", ", source.Lacking)}")
                .Select(group => new UnknownRows(
                    group.First() is { Unread: { Count: > 0 } paths } ? ProgramColumnErrors.RowsUnread([.. group.Select(static source => source.Version).Distinct()], paths).Message
                        : group.First() is { Lacking: { Count: 0 }, Silent: null } of ? Text(of)
                        : ProgramShares.TextOf([.. group.Select(static source => source.Version).Distinct()], group.First().Lacking, group.First().Silent),
                    group.First().Remedy ?? Remedy.None)),
        ];

        string Text(SliceSource source) => withPlace ? $"{source.Version}, project {source.Project}: {source.NotKnown}" : source.NotKnown!;
    }

    /// <summary>Each reason once, with all slices that it is of.</summary>
    internal static IReadOnlyList<UnknownRows> Of(IEnumerable<(SliceManifest Slice, HarvestException Fault)> faults) =>
    [
        .. faults.GroupBy(static one => (one.Fault.ErrorId, one.Fault.ErrorId is nameof(ProgramColumnErrors.ColumnLacking) or nameof(ProgramColumnErrors.ColumnsEmpty) or nameof(ProgramColumnErrors.RowsSilent) or nameof(ProgramRunErrors.ProgramUntrusted) ? one.Fault.Subject as string : one.Fault.Message))
            .Select(static group => Joined(group.First().Fault, [.. group.Select(static one => one.Slice.Version).Distinct()]))
            .Select(static fault => new UnknownRows(fault.Message, fault.Remedy)),
    ];

    private static HarvestException Joined(HarvestException first, IReadOnlyList<string> versions)
    {
        ColumnRole role = Enum.GetValues<ColumnRole>().FirstOrDefault(role => ProgramColumns.Word(role) == first.Subject as string);
        return first.ErrorId switch
        {
            nameof(ProgramColumnErrors.ColumnLacking) => ProgramColumnErrors.ColumnLacking(versions, role),
            nameof(ProgramColumnErrors.ColumnsEmpty) => ProgramColumnErrors.ColumnsEmpty(versions, $"{first.Subject}".Split(", ")),
            nameof(ProgramColumnErrors.RowsSilent) => ProgramColumnErrors.RowsSilent(versions, role),
            _ => first,
        };
    }
}
