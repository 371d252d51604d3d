using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Workflows;

/// <summary>What is to be known of a file that was hashed or archived all the same; a warning, not an error.</summary>
/// <param name="Id">The id of the error that it is where it stops the work, as in docs/errors.md.</param>
/// <param name="Message">What it is.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ExportNotice(string Id, string Message, Remedy Remedy)
{
    internal static ExportNotice Of(HarvestException fault) => new(fault.ErrorId, fault.Message, fault.Remedy);

    /// <summary>Labels that are missing from an export; null where none are.</summary>
    internal static ExportNotice? Of(ExportFingerprint print, string path) =>
        print.LabelsMissing > 0 ? Of(ExportErrors.ExportLabelsMissing(path, print.Tasks ?? 0, print.LabelsMissing.Value)) : null;
}
