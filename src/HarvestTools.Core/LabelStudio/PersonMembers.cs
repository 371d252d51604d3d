namespace HarvestTools.LabelStudio;

/// <summary>
/// The members by which an export says who did something. A person is an id, an object with one, or in drafts an e-mail address; the
/// display name of a draft's or an annotation's author ends with the id after a comma.
/// </summary>
internal static class PersonMembers
{
    /// <summary>Whose display name it is: <c>"Ana B. ana@example.org, 7"</c>.</summary>
    public const string DisplayName = "created_username";

    /// <summary>A person's e-mail address.</summary>
    public const string Email = "email";

    /// <summary>A draft's counter of its task, and those of annotations, which follow what is in the lists.</summary>
    public const string TotalAnnotations = "total_annotations";

    /// <inheritdoc cref="TotalAnnotations"/>
    public const string CancelledAnnotations = "cancelled_annotations";

    /// <summary>The annotation that another was begun as a copy of.</summary>
    public const string ParentAnnotation = "parent_annotation";

    // Whose work the object is that has the member.
    private static readonly HashSet<string> s_authors = new(StringComparer.Ordinal) { Members.CompletedBy, "user", "created_by", DisplayName };

    // Who else had to do with it.
    private static readonly HashSet<string> s_others = new(StringComparer.Ordinal)
    {
        "updated_by", "last_created_by", "user_id", "comment_authors", "reviewers", "annotators", "assigned_to", "owner", "last_editor",
    };

    private static readonly HashSet<string> s_ids = new(StringComparer.Ordinal) { Members.Id, "user_id", "pk" };

    // What these hold comes from the user's data or from labels: a number there is no person's id.
    private static readonly HashSet<string> s_content = new(StringComparer.Ordinal) { Members.Data, Members.Meta, Members.Result, Members.Predictions, "prediction" };

    /// <summary>Whether a member says whose work the object is.</summary>
    public static bool IsAuthor(string name) => s_authors.Contains(name);

    /// <summary>Whether a member names people.</summary>
    public static bool IsPeople(string name) => s_authors.Contains(name) || s_others.Contains(name) || name.EndsWith("_by", StringComparison.Ordinal) || name.EndsWith("_by_id", StringComparison.Ordinal);

    /// <summary>Whether a member of a person is the id.</summary>
    public static bool IsId(string name) => s_ids.Contains(name);

    /// <summary>Whether a member holds no people, only data and labels.</summary>
    public static bool IsContent(string name) => s_content.Contains(name);
}
