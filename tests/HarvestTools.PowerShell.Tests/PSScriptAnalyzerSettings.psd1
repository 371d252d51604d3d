# For the tests alone; every other script is held to all rules.
@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # Pester runs BeforeAll and It in one scope, which the rule cannot see.
        'PSUseDeclaredVarsMoreThanAssignments'

        # Helpers make and remove files below TestDrive; nobody asks them to only say what they would do.
        'PSUseShouldProcessForStateChangingFunctions'

        # PowerShell 7 reads UTF-8 without a mark, and so does everything else that reads these files.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
