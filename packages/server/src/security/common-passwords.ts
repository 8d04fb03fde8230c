/**
 * Words that guessers try first, and the names of this product and its trade. A password that is one of them, also with digits
 * and signs around it, is refused.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `admin administrator adminadmin operator dispecer parola parolamea parolaparola password passwordpassword passw0rd
  passwort qwerty qwertyuiop qwertyqwerty qwertzuiop azerty asdfghjkl zxcvbnm letmein letmeinplease welcome
  welcomewelcome changeme changemenow changemeplease default defaultpassword secret secretsecret supersecret
  superuser root rootroot toor guest test testtest testing tester demo demodemo demonstration sample energsys
  energsysenergsys energsysadmin energsyspassword energy energie electrica electricity metering meter meters contor
  contoare smartmeter headend utility romania romaniaromania bucuresti pitesti iloveyou teiubesc sunshine princess
  football baseball dragon monkey master superman batman trustno abcdefgh abcdefghij abcdefghijkl abcabcabc
  correcthorsebatterystaple qazwsxedc qazwsxedcrfv onetwothree loginlogin login server database postgres postgresql
  internet computer company thequickbrownfox mynameis whatever opensesame`
    .split(/\s+/)
    .filter((word) => word.length > 0),
);
