using System.Management.Automation;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>Takes a share as a number or as people write it, <c>'20%'</c>; what is neither is refused in plain words.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShareTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text when Figures.TryParseShare(text, out double share) => share,
            string text => throw new ArgumentTransformationMetadataException($"'{text}' is not a number. Write a share as 0.2 or as '20%'."),
            var other => other,
        };
}
