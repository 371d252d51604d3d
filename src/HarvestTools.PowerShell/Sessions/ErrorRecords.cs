using System.Management.Automation;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>The one place where an exception becomes an error record.</summary>
internal static class ErrorRecords
{
    /// <summary>False for what PowerShell itself throws to steer a pipeline; that must pass.</summary>
    public static bool IsReportable(Exception exception) => exception is not (PipelineStoppedException or RuntimeException);

    /// <param name="exception">What went wrong.</param>
    /// <param name="command">The cmdlet's name, for faults of the program itself.</param>
    public static ErrorRecord From(Exception exception, string command)
    {
        HarvestException error = Plain(exception as HarvestException ?? CommandErrors.Unexpected(command, exception));
        var record = new ErrorRecord(error, error.ErrorId, CategoryOf(error), error.Subject)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = PlainText.Of(error.Remedy.Spell(CmdletSpelling.Instance)) },
        };
        if (error.Subject is string subject)
        {
            // The object keeps the name as it is; what is printed of it is this.
            record.CategoryInfo.TargetName = PlainText.Of(subject);
        }

        return record;
    }

    /// <summary>The same error, with a message that a terminal can have: every way to show an error shows the exception's too.</summary>
    private static HarvestException Plain(HarvestException error) => PlainText.IsPlain(error.Message)
        ? error
        : new HarvestException(error.ErrorId, error.Fault, PlainText.Of(error.Message), error.Remedy, error.Subject, error.InnerException);

    internal static ErrorCategory CategoryOf(HarvestException error) => error.ErrorId switch
    {
        "AccessDenied" => ErrorCategory.PermissionDenied,
        "FileInUse" or "LockTimedOut" => ErrorCategory.ResourceBusy,
        "DiskFull" => ErrorCategory.WriteError,
        "SliceExists" or "RepositoryExists" or "ModelRegistered" or "RestoreTargetDiffers" or nameof(CommandErrors.ReportExists) => ErrorCategory.ResourceExists,
        _ => error.Fault switch
        {
            HarvestFault.Usage => ErrorCategory.InvalidArgument,
            HarvestFault.InvalidData => ErrorCategory.InvalidData,
            HarvestFault.NotFound => ErrorCategory.ObjectNotFound,
            HarvestFault.NotARepository => ErrorCategory.ObjectNotFound,
            HarvestFault.FileSystem => ErrorCategory.ResourceUnavailable,
            HarvestFault.Internal => ErrorCategory.NotSpecified,
            _ => ErrorCategory.InvalidResult,
        },
    };
}
